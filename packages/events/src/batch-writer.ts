import {
  RECORD_BUSY,
  RECORD_DISCARDED,
  RECORD_HEADER_BYTES,
  RECORD_LENGTH_MASK,
  type RecordBatch,
} from './record-batch.js';
import type { RowWriter } from './row/row-builder.js';

/** What became of the records so far. */
export interface RecordCounts {
  /** Records that became text. */
  readonly printed: number;
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
  /** The most bytes that one row can have. */
  readonly rowBytes: number;
}

/** Walks over the records of batches and collects their rows in one buffer, which is reused and grows when it must. */
export class BatchWriter {
  readonly #options: BatchWriterOptions;
  readonly #counts = { printed: 0, malformed: 0, broken: 0 };
  #out = new Uint8Array(FIRST_BUFFER_BYTES);

  constructor(options: BatchWriterOptions) {
    this.#options = options;
  }

  get counts(): RecordCounts {
    return this.#counts;
  }

  /**
   * The rows of a batch, at most `limit` of them. The bytes are overwritten by the next call. Never throws: what cannot be read is
   * counted, and nothing outside the batch is read.
   */
  write(batch: RecordBatch, limit: number): Uint8Array {
    const { row, recordBytes, rowBytes } = this.#options;
    const { bytes } = batch;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const counts = this.#counts;
    const lastPrinted = counts.printed + limit;
    let position = 0;
    let at = 0;
    while (at < bytes.length && counts.printed < lastPrinted) {
      const header = at + RECORD_HEADER_BYTES <= bytes.length ? view.getUint32(at, true) : RECORD_BUSY;
      const length = header & RECORD_LENGTH_MASK;
      const start = at + RECORD_HEADER_BYTES;
      if (header >= RECORD_BUSY || length > bytes.length - start) {
        counts.broken += 1;
        break;
      }
      at = start + Math.ceil(length / 8) * 8;
      if ((header & RECORD_DISCARDED) !== 0) continue;
      if (length < recordBytes) {
        counts.malformed += 1;
        continue;
      }
      if (position + rowBytes > this.#out.length) this.#grow(position + rowBytes);
      position = row(bytes, view, start, this.#out, position);
      counts.printed += 1;
    }
    return this.#out.subarray(0, position);
  }

  #grow(atLeastBytes: number): void {
    const grown = new Uint8Array(Math.max(atLeastBytes, this.#out.length * 2));
    grown.set(this.#out);
    this.#out = grown;
  }
}

/** Room for a few hundred usual rows; a busy tool grows it within its first batches. */
const FIRST_BUFFER_BYTES = 64 * 1024;
