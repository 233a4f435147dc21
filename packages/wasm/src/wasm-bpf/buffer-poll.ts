import { carriesEvents } from '@ebpm/object';
import type { BrokerLink } from '../guest/broker-link.js';
import { PolledBuffer } from '../guest/polled-buffer.js';
import type { ShownEvents } from '../guest/shown-events.js';
import { GuestFault } from '../guest-fault.js';
import type { GuestMemory } from '../guest-memory.js';
import { EINVAL, ENOENT, EPERM } from './errno.js';
import type { SampleCallback } from './guest-callback.js';
import type { GuestObjects, OwnMap, OwnObject } from './guest-objects.js';
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
  readonly link: BrokerLink;
  /** What is given counts as shown; undefined where the guest makes records of it, which count. */
  readonly given: ShownEvents | undefined;
}

/** Gives a guest the samples that are in its buffers. */
export class BufferPoll {
  readonly #scope: PollScope;
  #isPolling = false;

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
    if (!carriesEvents(map.map)) return -EINVAL;
    if (this.#isPolling) throw new GuestFault('polled a buffer inside a callback of a poll');
    memory.bytes(request.data, request.maxBytes);
    const callback = request.callback();
    const { given } = this.#scope;
    // Only now: of what it was given it has shown by then what it was to show.
    given?.endIfEnough();
    const polled = own.buffers.get(request.descriptor) ?? this.#open(own, map, request.descriptor);
    if (!polled.fill(request.timeoutMs)) return 0;
    this.#isPolling = true;
    try {
      return this.#deliver(own, polled, { ...request, callback });
    } finally {
      this.#isPolling = false;
    }
  }

  #open(own: OwnObject, { map }: OwnMap, descriptor: number): PolledBuffer {
    const polled = new PolledBuffer(own.object, map, this.#scope.link);
    own.buffers.set(descriptor, polled);
    return polled;
  }

  #deliver(
    own: OwnObject,
    polled: PolledBuffer,
    target: { callback: SampleCallback } & Omit<PollRequest, 'callback'>,
  ): number {
    const { memory, given } = this.#scope;
    const { delivered } = polled;
    try {
      const maxSamples = given?.left ?? Number.POSITIVE_INFINITY;
      const done = deliverSamples(polled, memory, { ...target, maxSamples, own });
      return done.result < 0 ? done.result : done.samples;
    } finally {
      given?.add(polled.delivered - delivered);
    }
  }
}
