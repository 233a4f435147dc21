import { BatchWriter, type RecordCounts } from '../batch-writer.js';
import { SORTED_BYTES_LIMIT, SORTED_RECORD_LIMIT } from '../limits.js';
import { printedRecords } from '../printed-records.js';
import type { Printer, PrinterOptions } from '../printer.js';
import type { RecordType } from '../record-type.js';
import { utf8Bytes } from '../write/write-text.js';
import { RecordBlock } from './record-block.js';
import { sortKey } from './sort-key.js';
import type { SortOrder } from './sort-order.js';

/** What a printer of sorted blocks is made of. */
export interface SortedPrinterOptions extends PrinterOptions {
  readonly sort: SortOrder;
  /** Whether each block of `top` stands below a header of its own. */
  readonly blockHeaders: boolean;
}

/**
 * Collects events and prints them in sorted blocks, one each interval: all of them, or the first `top`. On a terminal, a block of `top` with
 * headers takes the place of the one before. Without `top`, a block that is full is printed before its time, so that nothing is left out.
 *
 * @throws EBPM_FIELD_UNKNOWN, EBPM_SORT_INVALID, EBPM_FILTER_INVALID
 */
export function sortedPrinter(printer: Printer, type: RecordType, options: SortedPrinterOptions): Printer {
  const { sort, top, terminal, blockHeaders, intervalMs = DEFAULT_INTERVAL_MS } = options;
  const readKey = sortKey(type, sort.field);
  const { descending } = sort;
  const block = new RecordBlock(
    top === undefined ? { descending } : { descending, most: top, mostBytes: SORTED_BYTES_LIMIT },
  );
  // A writer of rows whose rows are empty: records that do not make sense are found and counted in one place.
  const collector = new BatchWriter({
    ...printedRecords(type, options),
    rowBytes: 0,
    row: (bytes, view, at, _out, position, length) => {
      block.add(readKey(bytes, view, at, length), bytes, at, length);
      return position;
    },
  });
  let isFirst = true;
  const flush = (limit = Number.POSITIVE_INFINITY, isLast = false): Uint8Array => {
    const batch = block.take();
    if (top === undefined || !blockHeaders) return printer.print(batch, limit);
    // A screen shows that nothing came; but the last block is to stay, and in a file there is nothing to show.
    if (batch.bytes.length === 0 && (isLast || terminal === undefined)) return NOTHING;
    const start = terminal === undefined ? (isFirst ? '' : '\n') : HOME_AND_CLEAR;
    const room = terminal === undefined ? limit : Math.min(limit, Math.max(1, terminal.size().rows - SCREEN_REST));
    isFirst = false;
    return joined(utf8Bytes(`${start}${printer.header() ?? ''}`), printer.print(batch, room));
  };
  return {
    header: () => (top !== undefined && blockHeaders ? undefined : printer.header()),
    print: (batch, limit) => {
      collector.write(batch, Number.POSITIVE_INFINITY);
      const isFull = block.count >= SORTED_RECORD_LIMIT || block.sizeBytes >= SORTED_BYTES_LIMIT;
      return top === undefined && isFull ? flush(limit) : NOTHING;
    },
    flush,
    intervalMs,
    counts: sortedCounts(collector.counts, printer.counts),
  };
}

/** What was collected and is not shown, or not yet, counts as left out. */
function sortedCounts(collected: RecordCounts, shown: RecordCounts): RecordCounts {
  return {
    get printed() {
      return shown.printed;
    },
    get filtered() {
      return collected.filtered + collected.printed - shown.printed;
    },
    get malformed() {
      return collected.malformed;
    },
    get broken() {
      return collected.broken;
    },
  };
}

/** Milliseconds between two blocks. */
const DEFAULT_INTERVAL_MS = 1_000;

/** Rows of a screen that a block leaves free: for its header, and for the cursor below it. */
const SCREEN_REST = 2;

/** CUP and ED of ECMA-48: the cursor to the upper left, and all below it empty. */
const HOME_AND_CLEAR = '\x1b[H\x1b[J';

const NOTHING = new Uint8Array(0);

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
