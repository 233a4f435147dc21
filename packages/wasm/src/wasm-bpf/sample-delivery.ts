import { RECORD_HEADER_BYTES, RECORD_LENGTH_MASK } from '@ebpm/events';
import type { WasmValue } from '../engine.js';
import type { PolledBuffer } from '../guest/polled-buffer.js';
import { GuestFault } from '../guest-fault.js';
import type { GuestMemory } from '../guest-memory.js';
import type { OwnObject } from './guest-objects.js';

/** Where a guest wants samples, and whom it wants to be called. */
export interface SampleTarget {
  readonly callback: (context: number, data: number, size: number) => WasmValue;
  readonly context: number;
  /** Its memory, at least `maxBytes` of it. */
  readonly data: number;
  readonly maxBytes: number;
  readonly maxSamples: number;
  /** Whose buffer it is. */
  readonly own: Pick<OwnObject, 'isClosed'>;
}

/** How far the records of a batch were delivered. */
export interface Delivered {
  readonly samples: number;
  /** Bytes of the batch that are done. */
  readonly bytes: number;
  /** What the callback returned, where that ended it. */
  readonly result: number;
}

/** Records of this size or less are copied word by word: a view of the batch for each would take longer than the copy. */
const SMALL_BYTES = 256;

/**
 * Gives the records of a batch to a guest, one by one: each is copied to where it wants them, cut to the size that it has there, and its function called.
 * A negative result ends it. What the guest was given counts as delivered, even where it ends itself in its function.
 *
 * @param own is closed when the guest closes the object in its callback: then nothing more comes
 */
export function deliverSamples(
  polled: PolledBuffer,
  memory: GuestMemory,
  { callback, context, data, maxBytes, maxSamples, own }: SampleTarget,
): Delivered {
  const {
    buffer: { bytes: batch },
    from,
    to,
  } = polled;
  const words = new Uint32Array(batch.buffer, batch.byteOffset, batch.byteLength >> 2);
  const isAligned = (data & 3) === 0;
  let guest = guestWords(memory);
  let samples = 0;
  let at = from;
  try {
    while (at < to) {
      const length = (words[at >> 2] ?? 0) & RECORD_LENGTH_MASK;
      const start = at + RECORD_HEADER_BYTES;
      const size = length < maxBytes ? length : maxBytes;
      // A view that has no length any more: the guest's memory has grown.
      if (guest.length === 0) guest = guestWords(memory);
      if (isAligned && size <= SMALL_BYTES && ((size + 3) & ~3) <= maxBytes) {
        const target = data >>> 2;
        const source = start >> 2;
        const count = (size + 3) >> 2;
        for (let index = 0; index < count; index++) guest[target + index] = words[source + index] ?? 0;
      } else {
        memory.write(data, batch.subarray(start, start + size));
      }
      at = start + ((length + 7) & ~7);
      samples++;
      const result = callback(context, data, size);
      if (typeof result !== 'number') throw new GuestFault('has a callback that returns no i32');
      if (result < 0) return { samples, bytes: at, result };
      if (own.isClosed || samples >= maxSamples) break;
    }
  } finally {
    polled.from = at;
    polled.delivered += samples;
  }
  return { samples, bytes: at, result: 0 };
}

function guestWords(memory: GuestMemory): Uint32Array {
  const { buffer } = memory.all;
  return new Uint32Array(buffer, 0, buffer.byteLength >> 2);
}
