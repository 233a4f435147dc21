import type { RecordFilter } from './filter/compile-filter.js';
import {
  RECORD_BUSY,
  RECORD_DISCARDED,
  RECORD_HEADER_BYTES,
  RECORD_LENGTH_MASK,
  type RecordBatch,
} from './record-batch.js';
import type { RowWriter } from './row/row-builder.js';
import { writeBytes } from './write/write-text.js';

/** What became of the records so far. */
export interface RecordCounts {
  /** Records that became text. */
  readonly printed: number;
  /** Records that a filter left out, or that were not among the first of their block. */
  readonly filtered: number;
  /** Records that were shorter than their type, and left out. */
  readonly malformed: number;
  /** Batches that were given up in the middle, because a record's header did not make sense. */
  readonly broken: number;
}

/** How records become rows. */
export interface BatchWriterOptions {
  readonly row: RowWriter;
  /** Shorter records are malformed. Longer ones are fine: perf buffers pad, and later versions of a struct append. */
  readonly recordBytes: number;
  /** The most bytes that one row can have, what `header` adds and what the record's own length adds not counted. */
  readonly rowBytes: number;
  /** Bytes of text for each byte of a record, where all of it is shown whatever its type says; default: 0. */
  readonly textPerByte?: number;
  /** Which records become rows; default: all. */
  readonly filter?: RecordFilter | undefined;
  /** A text that is written again after so many rows. */
  readonly header?: RepeatedHeader | undefined;
}

/** A header that long output repeats. */
export interface RepeatedHeader {
  readonly text: Uint8Array;
  readonly everyRows: number;
}

/** Walks over the records of batches and collects their rows in one buffer, which is reused and grows when it must. */
export class BatchWriter {
  readonly #counts = { printed: 0, filtered: 0, malformed: 0, broken: 0 };
  #options: BatchWriterOptions;
  #rowsToHeader: number;
  #out = new Uint8Array(FIRST_BUFFER_BYTES);

  constructor(options: BatchWriterOptions) {
    this.#options = options;
    this.#rowsToHeader = options.header?.everyRows ?? 0;
  }

  get counts(): RecordCounts {
    return this.#counts;
  }

  /** Goes on with other rows, and as if the header had just been printed; the counts stay. */
  change(options: BatchWriterOptions): void {
    this.#options = options;
    this.restartHeader();
  }

  /** Says that the header was printed just now. */
  restartHeader(): void {
    this.#rowsToHeader = this.#options.header?.everyRows ?? 0;
  }

  /**
   * The rows of a batch, at most `limit` of them. The bytes are overwritten by the next call. Never throws: what cannot be read is
   * counted, and nothing outside the batch is read.
   */
  write(batch: RecordBatch, limit: number): Uint8Array {
    const { row, recordBytes, filter, header, textPerByte = 0 } = this.#options;
    const rowBytes = this.#options.rowBytes + (header?.text.length ?? 0);
    const { bytes } = batch;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const counts = this.#counts;
    const lastPrinted = counts.printed + limit;
    let position = 0;
    let at = 0;
    while (at < bytes.length && counts.printed < lastPrinted) {
      const head = at + RECORD_HEADER_BYTES <= bytes.length ? view.getUint32(at, true) : RECORD_BUSY;
      const length = head & RECORD_LENGTH_MASK;
      const start = at + RECORD_HEADER_BYTES;
      if (head >= RECORD_BUSY || length > bytes.length - start) {
        counts.broken += 1;
        break;
      }
      at = start + Math.ceil(length / 8) * 8;
      if ((head & RECORD_DISCARDED) !== 0) continue;
      if (length < recordBytes) {
        counts.malformed += 1;
        continue;
      }
      if (filter !== undefined && !filter(bytes, view, start, length)) {
        counts.filtered += 1;
        continue;
      }
      const end = position + rowBytes + length * textPerByte;
      if (end > this.#out.length) this.#grow(end);
      if (header !== undefined) position = this.#repeat(header, position);
      position = row(bytes, view, start, this.#out, position, length);
      counts.printed += 1;
    }
    return this.#out.subarray(0, position);
  }

  #repeat({ text, everyRows }: RepeatedHeader, position: number): number {
    this.#rowsToHeader -= 1;
    if (this.#rowsToHeader >= 0) return position;
    this.#rowsToHeader = everyRows - 1;
    return writeBytes(this.#out, position, text);
  }

  #grow(atLeastBytes: number): void {
    const grown = new Uint8Array(Math.max(atLeastBytes, this.#out.length * 2));
    grown.set(this.#out);
    this.#out = grown;
  }
}

/** Room for a few hundred usual rows; a busy tool grows it within its first batches. */
const FIRST_BUFFER_BYTES = 64 * 1024;
