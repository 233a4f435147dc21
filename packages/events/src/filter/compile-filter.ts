import { generateFunction } from '../generate-function.js';
import type { PrinterOptions } from '../printer.js';
import type { RecordType } from '../record-type.js';
import { filterCode } from './filter-code.js';
import { FilterContext } from './filter-context.js';
import { FILTER_FUNCTIONS } from './filter-functions.js';
import { parseFilter } from './parse-filter.js';

/**
 * Whether a record of `length` bytes that starts at `at` in `bytes` (`view` is a view of the same) is wanted. The caller has checked that
 * it is there.
 */
export type RecordFilter = (bytes: Uint8Array, view: DataView, at: number, length: number) => boolean;

/**
 * Makes a filter such as `comm == "bash" && pid > 100` into code that looks at the raw bytes of a record. It is checked against the type
 * first; docs/output.md describes the language.
 *
 * @throws EBPM_FILTER_INVALID
 */
export function compileFilter(type: RecordType, text: string, options: PrinterOptions = {}): RecordFilter {
  const context = new FilterContext(type, text, options);
  const condition = filterCode(context, parseFilter(text));
  return generateFunction<RecordFilter>('b,v,o,n', [`return ${condition};`], FILTER_FUNCTIONS, context.constants);
}
