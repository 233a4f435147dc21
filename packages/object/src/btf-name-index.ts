import { type BtfLayout, nameOffsetOf } from './btf-layout.js';
import type { StringSection } from './btf-strings.js';

/**
 * Finds types by name: a hash table whose chains run through two arrays, so that the 100,000 names of a kernel cost
 * megabytes and milliseconds, and no text is made of them.
 */
export interface BtfNameIndex {
  /** The ids of the types with that name, rising. */
  idsOf(name: string): Iterable<number>;
}

/** Makes the index of all types that have a name, or of those of one kind, by its number. */
export function indexNames(layout: BtfLayout, strings: StringSection, kind?: number): BtfNameIndex {
  const { bytes } = strings;
  const mask = 2 ** Math.ceil(Math.log2(layout.count + 1)) - 1;
  const heads = new Uint32Array(mask + 1);
  const nexts = new Uint32Array(layout.count);
  for (let id = layout.count - 1; id > 0; id--) {
    if (kind !== undefined && layout.kinds[id] !== kind) continue;
    const offset = nameOffsetOf(layout, id);
    if (offset === 0) continue;
    const bucket = hashAt(bytes, offset) & mask;
    nexts[id] = heads[bucket] ?? 0;
    heads[bucket] = id;
  }
  return {
    *idsOf(name) {
      const wanted = UTF8.encode(`${name}\0`);
      const bucket = hashAt(wanted, 0) & mask;
      for (let id = heads[bucket] ?? 0; id !== 0; id = nexts[id] ?? 0) {
        if (startsWith(bytes, nameOffsetOf(layout, id), wanted)) yield id;
      }
    },
  };
}

const UTF8 = new TextEncoder();

/** FNV-1a of the bytes up to the next NUL. @see https://datatracker.ietf.org/doc/html/rfc9923 */
function hashAt(bytes: Uint8Array, offset: number): number {
  let hash = 0x811c9dc5;
  for (let at = offset; ; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) return hash >>> 0;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
}

function startsWith(bytes: Uint8Array, offset: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index++) if (bytes[offset + index] !== wanted[index]) return false;
  return true;
}
