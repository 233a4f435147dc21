import type { GuestBuffer, LentMap } from '@ebpm/loader';
import type { GuestObject } from '../guest/guest-kernel.js';
import type { BufferTotals } from '../guest/protocol.js';
import { GuestFault } from '../guest-fault.js';
import { MAX_ATTACHMENTS, MAX_GUEST_OBJECTS } from '../limits.js';

/** A map as a guest knows it. */
export interface OwnMap {
  readonly map: LentMap;
  readonly object: OwnObject;
}

/** An object that a guest has open. */
export interface OwnObject {
  readonly handle: bigint;
  readonly object: GuestObject;
  /** As the guest gave it, for the types in it. */
  readonly bytes: Uint8Array;
  /** The numbers that the guest has for its maps, by name. */
  readonly descriptors: ReadonlyMap<string, number>;
  /** Opened when the guest first polls them, by those numbers. */
  readonly buffers: Map<number, PolledBuffer>;
  isClosed: boolean;
}

/** A buffer that a guest polls. */
export interface PolledBuffer {
  /** The broker's number for its object. */
  readonly object: number;
  readonly map: string;
  readonly kind: 'ring buffer' | 'perf buffer';
  readonly buffer: GuestBuffer;
  /** What `buffer.bytes` holds and the guest has not had yet. */
  from: number;
  to: number;
  delivered: number;
}

/** Numbers that a guest has for maps start here, so that none is one of WASI's. They are no descriptors of any process. */
const FIRST_DESCRIPTOR = 1024;

/** The objects that a guest has open, by the numbers that it has for them: what it names must be its own. */
export class GuestObjects {
  readonly #objects = new Map<bigint, OwnObject>();
  readonly #maps = new Map<number, OwnMap>();
  #lastHandle = 0n;
  #nextDescriptor = FIRST_DESCRIPTOR;
  #attachments = 0;
  /** They keep their buffers' numbers: an object may be closed in a callback that is still counted. */
  readonly #left: { readonly polled: PolledBuffer; readonly lost: number | null }[] = [];

  /** @throws GuestFault where it has too many */
  add(object: GuestObject, bytes: Uint8Array): OwnObject {
    if (this.#objects.size >= MAX_GUEST_OBJECTS)
      throw new GuestFault(`opened more than ${MAX_GUEST_OBJECTS} objects at once`);
    const handle = ++this.#lastHandle;
    const descriptors = new Map(object.maps.map(({ name }) => [name, this.#nextDescriptor++]));
    const own: OwnObject = { handle, object, bytes, descriptors, buffers: new Map(), isClosed: false };
    this.#objects.set(handle, own);
    for (const map of object.maps) this.#maps.set(descriptors.get(map.name) ?? -1, { map, object: own });
    return own;
  }

  get(handle: bigint): OwnObject | undefined {
    return this.#objects.get(handle);
  }

  map(descriptor: number): OwnMap | undefined {
    return this.#maps.get(descriptor);
  }

  /** Whether there was one. */
  close(handle: bigint): boolean {
    const own = this.#objects.get(handle);
    if (own === undefined) return false;
    this.#objects.delete(handle);
    for (const descriptor of own.descriptors.values()) this.#maps.delete(descriptor);
    own.isClosed = true;
    for (const polled of own.buffers.values()) this.#leave(polled);
    own.object.close();
    return true;
  }

  /** What came out of each buffer until now. */
  totals(): readonly BufferTotals[] {
    const left = this.#left.map(({ polled, lost }) => ({ ...totalsOf(polled), lost }));
    const open = [...this.#objects.values()].flatMap(({ buffers }) => [...buffers.values()].map(totalsOf));
    return [...left, ...open];
  }

  #leave(polled: PolledBuffer): void {
    if (this.#left.length < MAX_GUEST_OBJECTS) this.#left.push({ polled, lost: totalsOf(polled).lost });
    polled.buffer.close();
  }

  /** @throws GuestFault */
  countAttachment(): void {
    if (++this.#attachments > MAX_ATTACHMENTS)
      throw new GuestFault(`attached programs more than ${MAX_ATTACHMENTS} times`);
  }
}

function totalsOf({ object, map, kind, delivered, buffer }: PolledBuffer): BufferTotals {
  return { object, map, kind, delivered, lost: kind === 'perf buffer' ? buffer.lost : null };
}
