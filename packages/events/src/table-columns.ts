import { printable } from './printable.js';
import type { RecordType } from './record-type.js';
import type { RecordField, ValueType } from './value-type.js';
import { enumNames, longestName } from './write/enum-names.js';

/** A column of a table, in terminal columns counted from 0. */
export interface TableColumn {
  readonly title: string;
  readonly field: RecordField;
  readonly start: number;
  readonly width: number;
  /** Numbers stand on the right, so that their digits align. */
  readonly right: boolean;
}

/** Lays out the fields of a type, one space apart, beginning at `start`. */
export function tableColumns(type: RecordType, start: number): readonly TableColumn[] {
  const columns: TableColumn[] = [];
  let next = start;
  for (const field of type.fields) {
    const title = printable(field.name.toUpperCase());
    const width = Math.max(title.length, valueWidth(field));
    columns.push({ title, field, start: next, width, right: isNumber(field.type) });
    next += width + 1;
  }
  return columns;
}

function isNumber(type: ValueType): boolean {
  switch (type.kind) {
    case 'int':
    case 'pointer':
    case 'float':
      return true;
    case 'bitfield':
      return type.of.kind === 'int';
    default:
      return false;
  }
}

/** What the widest usual value takes. A wider one pushes the rest of its own line to the right, as far as needed. */
function valueWidth(field: RecordField): number {
  const { type } = field;
  switch (type.kind) {
    case 'int':
      return isProcessId(field) ? PROCESS_ID_DIGITS : integerWidth(type.sizeBytes * 8, type.signed);
    case 'bitfield':
      return type.of.kind === 'int' ? integerWidth(type.bits, type.of.signed) : valueWidth({ ...field, type: type.of });
    case 'pointer':
      return integerWidth(64, false);
    case 'float':
      return FLOAT_WIDTH;
    case 'bool':
      return 'false'.length;
    case 'enum':
      return Math.min(longestName(enumNames(type, type.sizeBytes * 8, printable)), MAX_TEXT_WIDTH);
    case 'string':
      return Math.min(type.sizeBytes, MAX_TEXT_WIDTH);
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
    field.typeName === 'pid_t' || (field.type.sizeBytes === 4 && /(^|_)[a-z]{0,2}(pid|tid|tgid)$/i.test(field.name))
  );
}

/** Digits of the largest magnitude, and the sign. */
function integerWidth(bits: number, signed: boolean): number {
  const largest = 2n ** BigInt(signed ? bits - 1 : bits) - (signed ? 0n : 1n);
  return largest.toString().length + (signed ? 1 : 0);
}
