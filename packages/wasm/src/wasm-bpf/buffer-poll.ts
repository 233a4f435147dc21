import { PERF_EVENT_ARRAY, RINGBUF } from '../guest/guest-kernel.js';
import { GuestStop } from '../guest/guest-stop.js';
import { GuestFault } from '../guest-fault.js';
import type { GuestMemory } from '../guest-memory.js';
import { EINVAL, ENOENT, EPERM } from './errno.js';
import type { SampleCallback } from './guest-callback.js';
import type { GuestObjects, OwnMap, OwnObject, PolledBuffer } from './guest-objects.js';
import { deliverSamples } from './sample-delivery.js';

/** What `wasm_bpf_buffer_poll` is given. */
export interface PollRequest {
  readonly handle: bigint;
  readonly descriptor: number;
  /** Found only when the rest makes sense. @throws GuestFault */
  readonly callback: () => SampleCallback;
  readonly context: number;
  readonly data: number;
  readonly maxBytes: number;
  /** Negative: for ever. */
  readonly timeoutMs: number;
}

/** What polling needs of the guest's process. */
export interface PollScope {
  readonly memory: GuestMemory;
  readonly objects: GuestObjects;
  /** Readable when the broker says something. */
  readonly controlDescriptor: number;
  /** Hears it. */
  readonly heed: () => never;
  /** Samples after which the guest ends. */
  readonly maxSamples: number;
}

/** Gives a guest the samples that are in its buffers. */
export class BufferPoll {
  readonly #scope: PollScope;
  #isPolling = false;
  #delivered = 0;

  constructor(scope: PollScope) {
    this.#scope = scope;
  }

  /**
   * Waits for samples and gives all that came to the guest's function, a batch of them at most. The number of samples; 0 after the time; what the function
   * returned where that is negative, after which the others wait for the next call; -1 for no object, -ENOENT for no map of it, -EINVAL for a map that has no
   * events.
   *
   * @throws GuestFault, GuestStop
   */
  poll(request: PollRequest): number {
    const { objects, memory } = this.#scope;
    const own = objects.get(request.handle);
    if (own === undefined) return -EPERM;
    const map = objects.map(request.descriptor);
    if (map?.object !== own) return -ENOENT;
    if (map.map.type !== RINGBUF && map.map.type !== PERF_EVENT_ARRAY) return -EINVAL;
    if (this.#isPolling) throw new GuestFault('polled a buffer inside a callback of a poll');
    memory.bytes(request.data, request.maxBytes);
    const callback = request.callback();
    const polled = own.buffers.get(request.descriptor) ?? open(own, map, request.descriptor);
    if (!this.#fill(polled, request.timeoutMs)) return 0;
    this.#isPolling = true;
    try {
      return this.#deliver(own, polled, { ...request, callback });
    } finally {
      this.#isPolling = false;
    }
  }

  /** Whether there are samples to deliver. */
  #fill(polled: PolledBuffer, timeoutMs: number): boolean {
    const { controlDescriptor, heed } = this.#scope;
    if (polled.from < polled.to) return true;
    polled.from = 0;
    polled.to = polled.buffer.read();
    // What is there already is not waited for; the broker is listened to all the same.
    const heard = polled.buffer.wait(controlDescriptor, polled.to > 0 ? 0 : timeoutMs);
    if (heard === 'control') return heed();
    if (polled.to === 0 && heard === 'events') polled.to = polled.buffer.read();
    return polled.to > 0;
  }

  #deliver(
    own: OwnObject,
    polled: PolledBuffer,
    target: { callback: SampleCallback } & Omit<PollRequest, 'callback'>,
  ): number {
    const maxSamples = this.#scope.maxSamples - this.#delivered;
    const done = deliverSamples(polled, this.#scope.memory, { ...target, maxSamples, own });
    this.#delivered += done.samples;
    if (this.#delivered >= this.#scope.maxSamples) throw new GuestStop();
    return done.result < 0 ? done.result : done.samples;
  }
}

function open(own: OwnObject, { map }: OwnMap, descriptor: number): PolledBuffer {
  const kind = map.type === RINGBUF ? 'ring buffer' : 'perf buffer';
  const polled: PolledBuffer = {
    object: own.object.id,
    map: map.name,
    kind,
    buffer: own.object.openBuffer(map),
    from: 0,
    to: 0,
    delivered: 0,
  };
  own.buffers.set(descriptor, polled);
  return polled;
}
