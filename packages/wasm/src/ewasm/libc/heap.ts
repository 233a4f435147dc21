import { GuestFault } from '../../guest-fault.js';
import type { GuestMemory } from '../../guest-memory.js';
import { HEAP_PAGES } from '../limits.js';

/** What C wants of malloc: aligned for every type. */
const ALIGNMENT = 16;

const PAGE_BYTES = 65536;

/** Bytes of a guest's heap. */
export const HEAP_BYTES = HEAP_PAGES * PAGE_BYTES;

/**
 * A guest's heap, which it has from the host: one region at the end of its memory. What is allocated and what is free is written down outside of the guest's memory, so that nothing
 * that it does to its bytes leads the host astray. The first free piece that is large enough is taken; pieces that touch become one.
 */
export class Heap {
  readonly #memory: GuestMemory;
  /** Sizes of what is allocated, by address. */
  readonly #allocated = new Map<number, number>();
  /** What is free, by rising address. */
  readonly #free: Piece[] = [];
  #isGrown = false;

  constructor(memory: GuestMemory) {
    this.#memory = memory;
  }

  /** Its address; 0 where there is no room. Every allocation has its own, also those of nothing. @throws GuestFault where the memory cannot grow */
  allocate(sizeBytes: number): number {
    this.#grow();
    const bytes = rounded(sizeBytes);
    const index = this.#free.findIndex((piece) => piece.bytes >= bytes);
    const piece = this.#free[index];
    if (piece === undefined) return 0;
    const { start } = piece;
    piece.start += bytes;
    piece.bytes -= bytes;
    if (piece.bytes === 0) this.#free.splice(index, 1);
    this.#allocated.set(start, bytes);
    return start;
  }

  /** How many bytes are there for its owner. @throws GuestFault for what was not allocated, or is free already */
  sizeOf(start: number): number {
    const bytes = this.#allocated.get(start);
    if (bytes === undefined)
      throw new GuestFault(`gave back ${start}, which malloc did not give or which is free already`);
    return bytes;
  }

  /** @throws GuestFault as sizeOf does */
  release(start: number): void {
    const bytes = this.sizeOf(start);
    this.#allocated.delete(start);
    const index = this.#firstAfter(start);
    const before = this.#free[index - 1];
    const after = this.#free[index];
    const touchesBefore = before !== undefined && before.start + before.bytes === start;
    const touchesAfter = after !== undefined && start + bytes === after.start;
    if (touchesBefore) {
      before.bytes += bytes + (touchesAfter ? after.bytes : 0);
      if (touchesAfter) this.#free.splice(index, 1);
    } else if (touchesAfter) {
      after.start = start;
      after.bytes += bytes;
    } else {
      this.#free.splice(index, 0, { start, bytes });
    }
  }

  #firstAfter(start: number): number {
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#free[middle]?.start ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    if (this.#isGrown) return;
    try {
      this.#free.push({ start: this.#memory.grow(HEAP_PAGES), bytes: HEAP_BYTES });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new GuestFault(`has a memory that cannot grow by the ${HEAP_BYTES} bytes of its heap`, { cause: error });
    }
    this.#isGrown = true;
  }
}

interface Piece {
  start: number;
  bytes: number;
}

function rounded(sizeBytes: number): number {
  return Math.max(ALIGNMENT, Math.ceil(sizeBytes / ALIGNMENT) * ALIGNMENT);
}
