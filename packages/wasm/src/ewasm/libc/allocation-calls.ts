import type { WasmFunction } from '../../engine.js';
import { cString } from './c-string.js';
import type { Libc } from './libc-imports.js';

export function allocationCalls({ memory, heap }: Libc): Readonly<Record<string, WasmFunction>> {
  const malloc = (size: number) => heap.allocate(size >>> 0);
  const strdup = (string: number) => {
    const { length } = cString(memory, string);
    const copy = heap.allocate(length + 1);
    // The first allocation makes the memory grow, so that only now it is looked at.
    if (copy !== 0) memory.write(copy, memory.bytes(string, length + 1));
    return copy;
  };
  return {
    malloc,
    calloc: (count: number, size: number) => {
      // Numbers hold the product of two u32 well enough to tell that it is too much.
      const bytes = (count >>> 0) * (size >>> 0);
      const pointer = heap.allocate(bytes);
      if (pointer !== 0) memory.bytes(pointer, bytes).fill(0);
      return pointer;
    },
    realloc: (pointer: number, size: number) => {
      if (pointer === 0) return malloc(size);
      const old = pointer >>> 0;
      const had = heap.sizeOf(old);
      if (size === 0) {
        heap.release(old);
        return 0;
      }
      if (size >>> 0 <= had) return pointer;
      const moved = malloc(size);
      if (moved === 0) return 0;
      memory.write(moved, memory.bytes(old, had));
      heap.release(old);
      return moved;
    },
    free: (pointer: number) => {
      if (pointer !== 0) heap.release(pointer >>> 0);
    },
    strdup,
    _strdup: strdup,
  };
}
