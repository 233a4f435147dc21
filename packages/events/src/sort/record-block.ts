import type { RecordBatch } from '../record-batch.js';
import { frameRecords } from '../sampled/frame-records.js';
import { compareKeys, type SortKey } from './sort-key.js';

/** How a block is ordered and how large it may be. */
export interface RecordBlockOptions {
  readonly descending: boolean;
  /** The most records that are kept, the first of the order; default: all. */
  readonly most?: number | undefined;
  /** The most bytes that are kept, though at least one record; default: all. */
  readonly mostBytes?: number | undefined;
}

/** Copies of records in order. Of equal ones, the first that came stands first. */
export class RecordBlock {
  readonly #descending: boolean;
  readonly #most: number;
  readonly #mostBytes: number;
  #entries: Entry[] = [];
  #isSorted = true;
  #sizeBytes = 0;

  constructor({ descending, most, mostBytes }: RecordBlockOptions) {
    this.#descending = descending;
    this.#most = most ?? Number.POSITIVE_INFINITY;
    this.#mostBytes = mostBytes ?? Number.POSITIVE_INFINITY;
  }

  get count(): number {
    return this.#entries.length;
  }

  /** Bytes of the records, without what keeps them. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Keeps a copy of a record if it is among the first. */
  add(key: SortKey, bytes: Uint8Array, at: number, length: number): void {
    if (this.#entries.length < this.#most && this.#sizeBytes + length <= this.#mostBytes) {
      this.#entries.push({ key, record: bytes.slice(at, at + length) });
      this.#isSorted = false;
      this.#sizeBytes += length;
      return;
    }
    this.#sort();
    const last = this.#entries.at(-1);
    if (last !== undefined && this.#compare(key, last.key) >= 0) return;
    this.#entries.splice(this.#placeOf(key), 0, { key, record: bytes.slice(at, at + length) });
    this.#sizeBytes += length;
    while (this.#entries.length > 1 && (this.#entries.length > this.#most || this.#sizeBytes > this.#mostBytes)) {
      this.#sizeBytes -= this.#entries.pop()?.record.length ?? 0;
    }
  }

  /** The records, framed as a batch; the block is empty then. */
  take(): RecordBatch {
    this.#sort();
    const batch = frameRecords(this.#entries.map(({ record }) => [record]));
    this.#entries = [];
    this.#sizeBytes = 0;
    return batch;
  }

  #sort(): void {
    if (!this.#isSorted) this.#entries.sort((one, other) => this.#compare(one.key, other.key));
    this.#isSorted = true;
  }

  /** The index of the first entry that comes after a key. */
  #placeOf(key: SortKey): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && this.#compare(key, entry.key) < 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #compare(one: SortKey, other: SortKey): number {
    return this.#descending ? compareKeys(other, one) : compareKeys(one, other);
  }
}

interface Entry {
  readonly key: SortKey;
  readonly record: Uint8Array;
}
