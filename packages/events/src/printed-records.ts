import type { BatchWriterOptions } from './batch-writer.js';
import { compileFilter } from './filter/compile-filter.js';
import type { PrinterOptions } from './printer.js';
import type { RecordType } from './record-type.js';

/**
 * Which records a printer shows: those that are complete and pass the filter.
 *
 * @throws EBPM_FILTER_INVALID
 */
export function printedRecords(
  type: RecordType,
  options: PrinterOptions,
): Pick<BatchWriterOptions, 'recordBytes' | 'filter'> {
  const { filter } = options;
  return {
    recordBytes: type.sizeBytes,
    filter: filter === undefined ? undefined : compileFilter(type, filter, options),
  };
}
