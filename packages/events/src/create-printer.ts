import { withFlexibleEnd } from './flexible-end.js';
import type { Printer, PrinterOptions } from './printer.js';
import { PRINTERS, type PrinterKind } from './printers/all.js';
import type { RecordType } from './record-type.js';
import { sortedPrinter } from './sort/sorted-printer.js';

/**
 * Makes the printer of one output format for one type of event.
 *
 * @throws EBPM_FIELD_UNKNOWN, EBPM_COLUMNS_INVALID, EBPM_FILTER_INVALID, EBPM_SORT_INVALID when the options do not suit the type,
 *   EBPM_EVENT_TYPE_TOO_LARGE
 */
export function createPrinter(kind: PrinterKind, record: RecordType, options: PrinterOptions = {}): Printer {
  const type = withFlexibleEnd(record);
  const { sort } = options;
  if (sort === undefined) return PRINTERS[kind](type, options);
  const printer = PRINTERS[kind](type, { ...options, filter: undefined });
  return sortedPrinter(printer, type, { ...options, sort, blockHeaders: kind === 'table' });
}
