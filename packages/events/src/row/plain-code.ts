import type { ValueType } from '../value-type.js';
import { cellStyle } from './cell-style.js';
import { addJsonValue } from './json-code.js';
import type { RowBuilder } from './row-builder.js';
import { scalarCode } from './scalar-code.js';
import { sizeCode } from './size-code.js';

/** Adds code that writes one value as text for a terminal, without padding. Nested values are written as JSON. */
export function addPlainValue(row: RowBuilder, type: ValueType, at: string): void {
  switch (type.kind) {
    case 'string':
      row.write(`writePrintable(t,p,b,${at},${sizeCode(type, at)})`);
      return;
    case 'array':
    case 'struct':
    case 'union':
      addJsonValue(row, type, at, '');
      return;
    default:
      row.write(scalarCode(row, type, at, cellStyle({})));
  }
}
