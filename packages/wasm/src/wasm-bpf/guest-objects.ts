import type { LentMap } from '@ebpm/loader';
import { internalMapName } from '@ebpm/object';
import type { GuestObject } from '../guest/guest-kernel.js';
import type { PolledBuffer } from '../guest/polled-buffer.js';
import type { BufferTotals } from '../guest/protocol.js';
import { MAX_GUEST_OBJECTS } from '../limits.js';

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

/** What every object of a guest is called: the maps of its data sections have names that begin with it. */
export const OBJECT_NAME = 'guest';

/** Numbers that a guest has for maps start here, so that none is one of WASI's. They are no descriptors of any process. */
const FIRST_DESCRIPTOR = 1024;

/** The objects that a guest has open, by the numbers that it has for them: what it names must be its own. */
export class GuestObjects {
  readonly #objects = new Map<bigint, OwnObject>();
  readonly #maps = new Map<number, OwnMap>();
  #lastHandle = 0n;
  #nextDescriptor = FIRST_DESCRIPTOR;
  /** They keep counting: an object may be closed in a callback that is still counted. */
  readonly #left: PolledBuffer[] = [];

  /** How many there may be is the broker's to say. */
  add(object: GuestObject, bytes: Uint8Array): OwnObject {
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

  /** The guest's number for a map of that name; that of a data section is also found by its section, as libbpf does: `.rodata`. */
  mapNamed({ object, descriptors }: OwnObject, name: string): number | undefined {
    if (!name.startsWith('.')) return descriptors.get(name);
    const wanted = internalMapName(OBJECT_NAME, name);
    const isThere = object.maps.some((map) => map.internal && map.name === wanted);
    return isThere ? descriptors.get(wanted) : undefined;
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
    const open = [...this.#objects.values()].flatMap(({ buffers }) => [...buffers.values()]);
    return [...this.#left, ...open].map((polled) => polled.totals);
  }

  #leave(polled: PolledBuffer): void {
    if (this.#left.length < MAX_GUEST_OBJECTS) this.#left.push(polled);
    polled.buffer.close();
  }
}
