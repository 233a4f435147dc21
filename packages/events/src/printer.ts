import type { RecordCounts } from './batch-writer.js';
import type { RecordBatch } from './record-batch.js';
import type { RecordType } from './record-type.js';
import type { SortOrder } from './sort/sort-order.js';
import type { TimestampKind } from './timestamp.js';

/** Turns the events of one type into text of one format. */
export interface Printer {
  /** What stands before the first event, its newline included; undefined for formats without a header. */
  header(): string | undefined;
  /**
   * The events of a batch as UTF-8 lines; `limit` (default: all) stops after that many. The bytes are valid until the next call. Never
   * throws: what cannot be read is counted.
   */
  print(batch: RecordBatch, limit?: number): Uint8Array;
  /**
   * What was collected since the last call, for printers that show it in blocks (`--sort`, `--top`): to be called each `intervalMs`, and
   * once at the end with `isLast`. The bytes are valid until the next call. Printers without it have nothing to hold back.
   */
  readonly flush?: (limit?: number, isLast?: boolean) => Uint8Array;
  /** Milliseconds between two calls of `flush`; there exactly when `flush` is. */
  readonly intervalMs?: number;
  readonly counts: RecordCounts;
}

/** What a printer may need besides the type. Everything is optional; a printer that has no use for an option leaves it alone. */
export interface PrinterOptions {
  /** Paths of the fields to show, in this order; default: all. */
  readonly columns?: readonly string[] | undefined;
  /** Which events to show, as `compileFilter` reads it; default: all. */
  readonly filter?: string | undefined;
  /** Shows events in sorted blocks, one each `intervalMs`. */
  readonly sort?: SortOrder | undefined;
  /** Shows only the first so many of each block; needs `sort`. */
  readonly top?: number | undefined;
  /** How long a block lasts; default: a second. */
  readonly intervalMs?: number | undefined;
  /** The clock before each event; default: local in tables, none elsewhere. */
  readonly timestamp?: TimestampKind | undefined;
  /** Shows numbers where a table would show what they mean. */
  readonly numeric?: boolean | undefined;
  /** The terminal that the text goes to; undefined when it goes elsewhere, where lines are never cut, coloured or drawn again. */
  readonly terminal?: Terminal | undefined;
  /** Whose numbers the events' system calls have. Without it they stay numbers. */
  readonly architecture?: Architecture | undefined;
  /** The name of a user id; undefined where it has none. */
  readonly userName?: ((uid: number) => string | undefined) | undefined;
  /** The time in milliseconds since 1970, as `Date.now` (the default) gives it. */
  readonly now?: (() => number) | undefined;
  /** Nanoseconds of CLOCK_MONOTONIC, the clock of `bpf_ktime_get_ns`; needed for monotonic timestamps. */
  readonly monotonicNs?: (() => bigint) | undefined;
}

/** A terminal, as printers see it. */
export interface Terminal {
  /** Columns and rows now: a window may change while a program runs. */
  size(): { readonly columns: number; readonly rows: number };
  readonly colour: boolean;
}

/** A machine whose system calls have numbers of their own, as Node names it. */
export type Architecture = 'x64' | 'arm64';

/** A row of the table of printers. */
export type PrinterFactory = (type: RecordType, options: PrinterOptions) => Printer;
