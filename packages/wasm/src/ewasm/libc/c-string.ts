import { GuestFault } from '../../guest-fault.js';
import type { GuestMemory } from '../../guest-memory.js';

/** The bytes of a string up to its NUL, as a view. @throws GuestFault where the memory ends before it */
export function cString(memory: GuestMemory, pointer: number): Uint8Array {
  return boundedString(memory, pointer, Number.POSITIVE_INFINITY);
}

/** The bytes up to a NUL, or `maxBytes` of them, which then need none. @throws GuestFault where the memory ends before */
export function boundedString(memory: GuestMemory, pointer: number, maxBytes: number): Uint8Array {
  const at = pointer >>> 0;
  const bytes = memory.all.subarray(at, at + maxBytes);
  const end = bytes.indexOf(0);
  if (end >= 0) return bytes.subarray(0, end);
  if (bytes.length < maxBytes) throw new GuestFault(`gave a string at ${at} that does not end in its memory`);
  return bytes;
}
