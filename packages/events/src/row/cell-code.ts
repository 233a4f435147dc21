import type { PrintedColumn } from '../printed-columns.js';
import type { ValueType } from '../value-type.js';
import { addJsonValue } from './json-code.js';
import type { RowBuilder } from './row-builder.js';
import { type ScalarStyle, scalarCode } from './scalar-code.js';
import { sizeCode } from './size-code.js';

/** Adds code that writes the text of a cell, in tables and in CSV. Text is printable; what is nested is JSON. */
export function addCellText(row: RowBuilder, { field, format }: PrintedColumn, style: ScalarStyle): void {
  const { type, offsetBytes } = field;
  const at = `o+${offsetBytes}`;
  if (format !== undefined) row.write(format.code(at, (value) => row.constant(value)));
  else if (type.kind === 'string') row.write(`writePrintable(t,p,b,${at},${sizeCode(type, at)})`);
  else if (type.kind === 'array' || 'fields' in type) addJsonValue(row, type, at, '');
  else row.write(scalarCode(row, type, at, style));
}

/** Whether a cell is a number, which aligns on the right and needs no quotes. */
export function isNumber(type: ValueType, style: ScalarStyle): boolean {
  switch (type.kind) {
    case 'int':
    case 'pointer':
    case 'float':
      return true;
    case 'enum':
      return style.enumText === undefined;
    case 'bitfield':
      return type.of.kind === 'int' || (type.of.kind === 'enum' && style.enumText === undefined);
    default:
      return false;
  }
}
