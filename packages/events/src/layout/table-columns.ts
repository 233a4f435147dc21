import { printable } from '../printable.js';
import type { PrintedColumn } from '../printed-columns.js';
import { isNumber } from '../row/cell-code.js';
import type { ScalarStyle } from '../row/scalar-code.js';
import type { RecordField } from '../value-type.js';
import { enumNames, longestName, tableEnumText } from '../write/enum-names.js';
import { fitWidths } from './fit-widths.js';

/** A column of a table, in terminal columns counted from 0. */
export interface TableColumn extends PrintedColumn {
  readonly title: string;
  readonly start: number;
  readonly width: number;
  /** Numbers stand on the right, so that their digits align. */
  readonly right: boolean;
}

/** How much room a column may have. */
export interface ColumnWidth {
  readonly least: number;
  /** What it takes where there is no terminal that limits it. */
  readonly usual: number;
  readonly most: number;
  readonly right: boolean;
}

/** Lays out columns one space apart, beginning at `start`; where `room` is given, so that they end there if they can. */
export function tableColumns(
  columns: readonly PrintedColumn[],
  style: ScalarStyle,
  start: number,
  room: number | undefined,
): readonly TableColumn[] {
  const titles = columns.map(({ field }) => printable(field.name.toUpperCase()));
  const widths = columns.map((column, index) => columnWidth(column, style, titles[index]?.length ?? 0));
  const fitted = room === undefined ? widths.map(({ usual }) => usual) : fitWidths(widths, room - start);
  let next = start;
  return columns.map((column, index) => {
    const width = fitted[index] ?? 0;
    const placed = { ...column, title: titles[index] ?? '', start: next, width, right: widths[index]?.right ?? false };
    next += width + 1;
    return placed;
  });
}

function columnWidth({ field, format }: PrintedColumn, style: ScalarStyle, title: number): ColumnWidth {
  const right = format?.right ?? isNumber(field.type, style);
  const value = format?.width ?? valueWidth(field, style);
  const usual = Math.max(title, value);
  if (right) return { least: Math.max(title, Math.min(value, USUAL_DIGITS)), usual, most: usual, right };
  return { least: Math.max(title, Math.min(value, LEAST_TEXT)), usual, most: Math.max(usual, mostText(field)), right };
}

/** Most numbers are smaller than their types allow. */
const USUAL_DIGITS = 7;

/** What a text column keeps on a narrow terminal. */
const LEAST_TEXT = 8;

/** How wide text can be that is given room. Nested values have no other bound than the terminal. */
function mostText({ type }: RecordField): number {
  if (type.kind === 'string') return type.flexible === true ? Number.POSITIVE_INFINITY : type.sizeBytes;
  return 'fields' in type || type.kind === 'array' ? Number.POSITIVE_INFINITY : 0;
}

/** What the widest usual value takes. A wider one pushes the rest of its own line to the right, as far as needed. */
function valueWidth(field: RecordField, style: ScalarStyle): number {
  const { type } = field;
  switch (type.kind) {
    case 'int':
      return isProcessId(field) ? PROCESS_ID_DIGITS : integerWidth(type.sizeBytes * 8, type.signed);
    case 'bitfield':
      if (type.of.kind === 'int') return integerWidth(type.bits, type.of.signed);
      return valueWidth({ ...field, type: type.of }, style);
    case 'pointer':
      return integerWidth(64, false);
    case 'float':
      return FLOAT_WIDTH;
    case 'bool':
      return 'false'.length;
    case 'enum':
      if (style.enumText === undefined) return integerWidth(type.sizeBytes * 8, type.signed);
      return Math.min(longestName(enumNames(type, type.sizeBytes * 8, tableEnumText)), MAX_TEXT_WIDTH);
    case 'string':
      return type.flexible === true ? MAX_TEXT_WIDTH : Math.min(type.sizeBytes, MAX_TEXT_WIDTH);
    default:
      return 0;
  }
}

/** Linux gives out process ids below 2^22 (PID_MAX_LIMIT). */
const PROCESS_ID_DIGITS = 7;

/** Room for six digits before the point or nine after it; more digits are rare. */
const FLOAT_WIDTH = 11;

/** Wide enough for most paths; longer text pushes. */
const MAX_TEXT_WIDTH = 32;

function isProcessId(field: RecordField): boolean {
  return (
    field.typeName === 'pid_t' || (field.type.sizeBytes === 4 && /(^|[_.])[a-z]{0,2}(pid|tid|tgid)$/i.test(field.name))
  );
}

/** Digits of the largest magnitude, and the sign. */
function integerWidth(bits: number, signed: boolean): number {
  const largest = 2n ** BigInt(signed ? bits - 1 : bits) - (signed ? 0n : 1n);
  return largest.toString().length + (signed ? 1 : 0);
}
