import type { RecordCounts } from './batch-writer.js';
import type { RecordBatch } from './record-batch.js';
import type { RecordType } from './record-type.js';

/** Turns the events of one type into text of one format. */
export interface Printer {
  /** What stands before the first event, its newline included; undefined for formats without a header. */
  header(): string | undefined;
  /**
   * The events of a batch as UTF-8 lines; `limit` (default: all) stops after that many. The bytes are valid until the next call. Never
   * throws: what cannot be read is counted.
   */
  print(batch: RecordBatch, limit?: number): Uint8Array;
  readonly counts: RecordCounts;
}

/** What a printer may need besides the type. */
export interface PrinterOptions {
  /** The time in milliseconds since 1970, as `Date.now` (the default) gives it. */
  readonly now?: () => number;
}

/** A row of the table of printers. */
export type PrinterFactory = (type: RecordType, options: PrinterOptions) => Printer;
