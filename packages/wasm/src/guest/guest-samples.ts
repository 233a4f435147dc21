import { RECORD_HEADER_BYTES, RECORD_LENGTH_MASK } from '@ebpm/events';
import type { GuestBuffer, LentMap } from '@ebpm/loader';
import type { BrokerLink } from './broker-link.js';
import { type GuestObject, RINGBUF } from './guest-kernel.js';
import { GuestStop } from './guest-stop.js';
import type { BufferTotals } from './protocol.js';

/** The events of one map, one by one, for a host that makes something of them before the guest sees them. */
export class GuestSamples {
  readonly #object: number;
  readonly #map: LentMap;
  readonly #buffer: GuestBuffer;
  readonly #link: BrokerLink;
  readonly #maxSamples: number;
  #delivered = 0;

  /** @throws Refused, GuestStop */
  constructor(object: GuestObject, map: LentMap, options: { readonly link: BrokerLink; readonly maxSamples: number }) {
    this.#object = object.id;
    this.#map = map;
    this.#buffer = object.openBuffer(map);
    this.#link = options.link;
    this.#maxSamples = options.maxSamples;
  }

  get totals(): BufferTotals {
    const kind = this.#map.type === RINGBUF ? 'ring buffer' : 'perf buffer';
    const lost = kind === 'perf buffer' ? this.#buffer.lost : null;
    return { object: this.#object, map: this.#map.name, kind, delivered: this.#delivered, lost };
  }

  /** Waits for events, and gives those that came; each is valid until the next. @throws GuestStop, also behind the last that is wanted */
  *next(): Iterable<Uint8Array> {
    const size = this.#buffer.read();
    // What is there already is not waited for; the broker is listened to all the same.
    if (this.#buffer.wait(this.#link.descriptor, size > 0 ? 0 : -1) === 'control') this.#link.heed();
    const { bytes } = this.#buffer;
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < size; ) {
      const length = view.getUint32(at, true) & RECORD_LENGTH_MASK;
      const start = at + RECORD_HEADER_BYTES;
      at = start + Math.ceil(length / 8) * 8;
      this.#delivered++;
      yield bytes.subarray(start, start + length);
      if (this.#delivered >= this.#maxSamples) throw new GuestStop();
    }
  }
}
