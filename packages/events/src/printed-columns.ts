import type { KnownFormat } from './known/known-format.js';
import { knownFormatOf } from './known/known-format-of.js';
import type { PrinterOptions } from './printer.js';
import type { RecordType } from './record-type.js';
import { selectColumns } from './select-columns.js';
import type { RecordField } from './value-type.js';

/** A field that a printer shows, its offset counted from the start of the record. */
export interface PrintedColumn {
  readonly field: RecordField;
  /** How it is shown to people, where its name says more than its type. */
  readonly format: KnownFormat | undefined;
}

/**
 * The columns that are wanted, or all.
 *
 * @throws EBPM_FIELD_UNKNOWN, EBPM_COLUMNS_INVALID
 */
export function printedColumns(type: RecordType, options: PrinterOptions): readonly PrintedColumn[] {
  return shownType(type, options).fields.map((field) => ({ field, format: knownFormatOf(type, field, options) }));
}

/**
 * The type with the wanted fields only.
 *
 * @throws EBPM_FIELD_UNKNOWN, EBPM_COLUMNS_INVALID
 */
export function shownType(type: RecordType, { columns }: PrinterOptions): RecordType {
  return columns === undefined ? type : selectColumns(type, columns);
}
