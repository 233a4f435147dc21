import { RECORD_HEADER_BYTES, RECORD_LENGTH_MASK } from '@ebpm/events';
import type { PolledBuffer } from './polled-buffer.js';
import type { ShownEvents } from './shown-events.js';

/** The events of one map, one by one, for a host that makes something of them before the guest sees them. */
export class GuestSamples {
  readonly #polled: PolledBuffer;
  readonly #shown: ShownEvents | undefined;

  /** @param shown where what is given counts as shown */
  constructor(polled: PolledBuffer, shown?: ShownEvents) {
    this.#polled = polled;
    this.#shown = shown;
  }

  /** Waits for events, and gives those that came; each is valid until the next. @throws GuestStop, also behind the last that is wanted */
  *next(): Iterable<Uint8Array> {
    const polled = this.#polled;
    polled.fill(-1);
    const { bytes } = polled.buffer;
    const view = new DataView(bytes.buffer);
    while (polled.from < polled.to) {
      const length = view.getUint32(polled.from, true) & RECORD_LENGTH_MASK;
      const start = polled.from + RECORD_HEADER_BYTES;
      polled.from = start + Math.ceil(length / 8) * 8;
      polled.delivered++;
      this.#shown?.add(1);
      yield bytes.subarray(start, start + length);
      this.#shown?.endIfEnough();
    }
  }
}
