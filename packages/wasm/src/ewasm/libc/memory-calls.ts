import type { WasmFunction } from '../../engine.js';
import type { Libc } from './libc-imports.js';

export function memoryCalls({ memory }: Libc): Readonly<Record<string, WasmFunction>> {
  // What overlaps is copied as if it did not, which memcpy need not do and memmove must.
  const move = (to: number, from: number, length: number) => {
    const source = memory.bytes(from, length);
    memory.bytes(to, length).set(source);
    return to;
  };
  return {
    memcpy: move,
    memmove: move,
    memset: (to: number, byte: number, length: number) => {
      memory.bytes(to, length).fill(byte & 255);
      return to;
    },
    memcmp: (one: number, other: number, length: number) =>
      Buffer.compare(memory.bytes(one, length), memory.bytes(other, length)),
    memchr: (pointer: number, byte: number, length: number) => {
      const index = memory.bytes(pointer, length).indexOf(byte & 255);
      return index < 0 ? 0 : (pointer >>> 0) + index;
    },
  };
}
