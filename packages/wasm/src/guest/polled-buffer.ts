import type { LentMap } from '@ebpm/loader';
import { RINGBUF } from '@ebpm/object';
import type { BrokerLink } from './broker-link.js';
import type { EventBuffer, GuestObject } from './guest-kernel.js';
import type { BufferTotals } from './protocol.js';

/** A buffer of events that a guest asks for, and how far it has come with what was read. */
export class PolledBuffer {
  readonly buffer: EventBuffer;
  /** What `buffer.bytes` holds and the guest has not had yet. */
  from = 0;
  to = 0;
  delivered = 0;
  readonly #object: number;
  readonly #map: string;
  readonly #kind: BufferTotals['kind'];
  readonly #link: BrokerLink;
  /** As it was when it was closed. */
  #lost: number | undefined;

  /** @throws Refused, GuestStop, NativeFailure */
  constructor(object: GuestObject, map: LentMap, link: BrokerLink) {
    this.#object = object.id;
    this.#map = map.name;
    this.#kind = map.type === RINGBUF ? 'ring buffer' : 'perf buffer';
    this.#link = link;
    this.buffer = object.openBuffer(map);
  }

  get totals(): BufferTotals {
    const lost = this.#kind === 'perf buffer' ? (this.#lost ?? this.buffer.lost) : null;
    return { object: this.#object, map: this.#map, kind: this.#kind, delivered: this.delivered, lost };
  }

  /** Whether there are samples to deliver, after at most that time; negative: for ever. @throws GuestStop */
  fill(timeoutMs: number): boolean {
    if (this.from < this.to) return true;
    this.from = 0;
    this.to = this.buffer.read();
    // What is there already is not waited for; the broker is listened to all the same.
    const heard = this.buffer.wait(this.#link.descriptor, this.to > 0 ? 0 : timeoutMs);
    if (heard === 'control') return this.#link.heed();
    if (this.to === 0 && heard === 'events') this.to = this.buffer.read();
    return this.to > 0;
  }

  /** What it has delivered is counted on: it may be closed in the callback that is called for a sample. */
  close(): void {
    this.#lost = this.buffer.lost;
    this.buffer.close();
  }
}
