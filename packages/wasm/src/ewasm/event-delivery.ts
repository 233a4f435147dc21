import { GuestFault } from '../guest-fault.js';
import type { GuestMemory } from '../guest-memory.js';
import type { GuestCall } from './exported-call.js';
import type { Heap } from './libc/heap.js';
import { EVENT_BUFFER_BYTES } from './limits.js';

/** What `process_event` gets as its context: nobody has ever set it. */
const NO_CONTEXT = 0;

/** Brings events to a guest's `process_event`, and what it makes of them to the host. */
export class EventDelivery {
  readonly #memory: GuestMemory;
  readonly #heap: Heap;
  readonly #onEvent: (json: string) => void;
  #process: GuestCall | undefined;
  #buffer = 0;
  #isWaiting = false;

  constructor(host: { readonly memory: GuestMemory; onEvent?(json: string): void }, heap: Heap) {
    this.#memory = host.memory;
    this.#heap = heap;
    this.#onEvent = (json) => host.onEvent?.(json);
  }

  /** Without a function of the guest's all events are told as they are. */
  listen(process: GuestCall | undefined): void {
    this.#process = process;
    if (process !== undefined) this.#buffer = this.#heap.allocate(EVENT_BUFFER_BYTES);
  }

  /** @throws GuestFault where the guest waits inside `process_event`: its one buffer is in use */
  during(wait: (deliver: (json: string) => boolean) => number): number {
    if (this.#isWaiting) throw new GuestFault('waited for events inside process_event');
    this.#isWaiting = true;
    try {
      return wait((json) => {
        this.#deliver(json);
        return true;
      });
    } finally {
      this.#isWaiting = false;
    }
  }

  #deliver(json: string): void {
    const text = this.#process === undefined ? json : this.#rewritten(json, this.#process);
    if (text !== undefined) this.#onEvent(text);
  }

  /** What the guest makes of an event; undefined where it drops it. */
  #rewritten(json: string, process: GuestCall): string | undefined {
    const length = this.#put(json);
    if (process(NO_CONTEXT, this.#buffer, length) < 0) return undefined;
    return this.#memory.text(this.#buffer, EVENT_BUFFER_BYTES - 1);
  }

  /** As much of it as the buffer holds, in whole characters; how many bytes. */
  #put(json: string): number {
    const room = this.#memory.bytes(this.#buffer, EVENT_BUFFER_BYTES);
    const { written } = new TextEncoder().encodeInto(json, room.subarray(0, EVENT_BUFFER_BYTES - 1));
    room[written] = 0;
    return written;
  }
}
