import { frameRecords } from '@ebpm/events';
import type { LentMap } from '@ebpm/loader';
import { RINGBUF } from '@ebpm/object';
import type { BrokerLink } from '../../src/guest/broker-link.js';
import { type EventBuffer, GuestObject } from '../../src/guest/guest-kernel.js';

const HASH = 1;
const ARRAY = 2;

/** Maps that no kernel knows: what is done with them must not come as far. */
const MAPS: readonly LentMap[] = [
  { name: 'events', type: RINGBUF, keySizeBytes: 0, valueSizeBytes: 0 },
  { name: 'counts', type: HASH, keySizeBytes: 4, valueSizeBytes: 8 },
  { name: 'guest.rodata', type: ARRAY, keySizeBytes: 4, valueSizeBytes: 16 },
].map((map) => ({ ...map, maxEntries: 4096, internal: map.name.includes('.'), descriptor: -1 }));

/** An object that is in no kernel: the records of its ring buffer are those that a test puts into it. */
export class MemoryObject extends GuestObject {
  readonly #batches: Uint8Array<ArrayBuffer>[] = [];

  constructor(id: number, link: BrokerLink) {
    super(id, MAPS, link);
  }

  /** What the next look into the buffer finds. */
  send(records: readonly Uint8Array[]): void {
    this.#batches.push(Uint8Array.from(frameRecords(records.map((record) => [record])).bytes));
  }

  override openBuffer(): EventBuffer {
    const batches = this.#batches;
    return {
      bytes: new Uint8Array(),
      lost: 0,
      read() {
        this.bytes = batches.shift() ?? new Uint8Array();
        return this.bytes.length;
      },
      wait: () => (batches.length > 0 ? 'events' : 'timeout'),
      close() {},
    };
  }
}
