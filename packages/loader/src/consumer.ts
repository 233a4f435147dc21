import { EbpmError } from '@ebpm/formats';
import { PERF_EVENT_ARRAY, RINGBUF } from '@ebpm/object';
import type { NativeConsumer, NativeObject, NativeOnBatch } from './binding.js';
import type { BufferCounts } from './buffer-counts.js';
import { findMap } from './find-map.js';
import {
  DEFAULT_BATCH_BYTES,
  DEFAULT_PERF_BUFFER_PAGES,
  MAX_BATCH_BYTES,
  MAX_PERF_BUFFER_PAGES,
  MIN_BATCH_BYTES,
} from './limits.js';
import { onlineCpus } from './online-cpus.js';
import { refusedAs } from './refused-as.js';

/**
 * Many records, one after another: a header of 8 bytes (little-endian; the first word's low 30 bits are the length of the
 * data, the second is a page offset for ring buffers and the CPU for perf buffers), the data, padding to 8 bytes.
 * Discarded records are left out. The kernel rounds the length of a perf record up: 8 divides length + 4.
 */
export interface Batch {
  /** Valid only during the call: the memory is used again. */
  readonly bytes: Uint8Array;
  /** Number of records in it. */
  readonly count: number;
}

/** Takes a batch. What it throws ends the consumer and rejects its `done`. */
export type OnBatch = (batch: Batch) => void;

export interface ConsumeOptions {
  /** Bytes of a batch, 4 KiB to 64 MiB; 1 MiB by default. It grows where one record is larger. */
  readonly maxBatchBytes?: number;
  /** Pages of each CPU's buffer of a perf event array: a power of two up to 16384; 64 by default. */
  readonly perfBufferPages?: number;
}

/** The events of one map, flowing. It keeps Node running until it is closed. */
export class Consumer {
  /**
   * Resolves when the consumer has been closed; rejects with what `onBatch` threw, or with EBPM_CONSUME_FAILED when the
   * buffer has become unreadable. Nobody waiting for it makes that an unhandled rejection, so that it is never silent.
   */
  readonly done: Promise<void>;
  readonly #native: NativeConsumer;
  readonly #onBatch: OnBatch;
  #received = 0;
  #open = true;
  #resolve: () => void = () => {};
  #reject: (reason: unknown) => void = () => {};

  /** Made by `RunningObject.consume`. */
  constructor(native: NativeObject, map: string, onBatch: OnBatch, options: ConsumeOptions) {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#onBatch = onBatch;
    this.#native = start(native, map, options, (bytes, count, broken) => {
      if (bytes !== undefined) this.#take(bytes, count);
      if (broken !== undefined) this.#fail(new EbpmError('EBPM_CONSUME_FAILED', `Cannot read "${map}": ${broken}`));
    });
  }

  get open(): boolean {
    return this.#open;
  }

  /** Records handed over so far. */
  get received(): number {
    return this.#received;
  }

  /**
   * Records that the kernel reports as lost for want of room, so far. Always 0 for a ring buffer: there only the program
   * learns that it is full.
   */
  get lost(): bigint {
    return this.buffer.lost;
  }

  /** As of now, or of when it was closed. */
  get buffer(): BufferCounts {
    return this.#native.buffer();
  }

  /** Hands over at once what is there now. Does nothing within `onBatch`, and once closed. */
  drain(): void {
    this.#native.drain();
  }

  /** Hands over nothing until `resume()`; what comes waits in the buffer, as long as there is room. Safe to call twice. */
  pause(): void {
    this.#native.pause();
  }

  /** Goes on with what has come meanwhile. Safe to call twice. */
  resume(): void {
    this.#native.resume();
  }

  /** Stops; what is left stays in the buffer. Safe to call twice, and within `onBatch`. */
  close(): void {
    this.#end();
    this.#resolve();
  }

  #take(bytes: Uint8Array, count: number): void {
    this.#received += count;
    try {
      this.#onBatch({ bytes, count });
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(reason: unknown): void {
    this.#end();
    this.#reject(reason);
  }

  #end(): void {
    this.#open = false;
    this.#native.close();
  }
}

function start(native: NativeObject, map: string, options: ConsumeOptions, onBatch: NativeOnBatch): NativeConsumer {
  const { maxBatchBytes = DEFAULT_BATCH_BYTES, perfBufferPages = DEFAULT_PERF_BUFFER_PAGES } = options;
  if (!Number.isInteger(maxBatchBytes) || maxBatchBytes < MIN_BATCH_BYTES || maxBatchBytes > MAX_BATCH_BYTES) {
    throw new TypeError(`maxBatchBytes is a whole number from ${MIN_BATCH_BYTES} to ${MAX_BATCH_BYTES}`);
  }
  if (!isPowerOfTwo(perfBufferPages) || perfBufferPages > MAX_PERF_BUFFER_PAGES) {
    throw new TypeError(`perfBufferPages is a power of two from 1 to ${MAX_PERF_BUFFER_PAGES}`);
  }
  const { type, maxEntries } = findMap(native, map);
  const action = `Cannot read events from "${map}"`;
  switch (type) {
    case RINGBUF:
      return refusedAs('EBPM_CONSUME_FAILED', action, () => native.consumeRing(map, onBatch, maxBatchBytes));
    case PERF_EVENT_ARRAY: {
      const cpus = Int32Array.from(onlineCpus().filter((cpu) => cpu < maxEntries));
      return refusedAs('EBPM_CONSUME_FAILED', action, () =>
        native.consumePerf(map, onBatch, maxBatchBytes, perfBufferPages, cpus),
      );
    }
    default:
      throw new EbpmError('EBPM_CONSUME_FAILED', `${action}: it is neither a ring buffer nor a perf event array`);
  }
}

function isPowerOfTwo(number: number): boolean {
  return Number.isInteger(Math.log2(number)) && number >= 1;
}
