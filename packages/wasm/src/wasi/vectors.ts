import type { GuestMemory } from '../guest-memory.js';
import { MAX_TRANSFER_BYTES, MAX_VECTORS } from './limits.js';
import { WasiError } from './wasi-error.js';

/**
 * The buffers of a read or write, as views of the guest's memory: an array of pointers and lengths, which are u32. Beyond MAX_TRANSFER_BYTES in all they are cut.
 * @throws WasiError EINVAL for too many, GuestFault
 */
export function guestVectors(memory: GuestMemory, pointer: number, count: number): readonly Uint8Array[] {
  if (count >>> 0 > MAX_VECTORS) throw new WasiError('EINVAL');
  const array = memory.struct(pointer, count * 8);
  const buffers: Uint8Array[] = [];
  let room = MAX_TRANSFER_BYTES;
  for (let at = 0; at < array.byteLength; at += 8) {
    const buffer = memory.bytes(array.getUint32(at, true), array.getUint32(at + 4, true));
    if (buffer.length > 0 && room > 0) buffers.push(buffer.subarray(0, room));
    room -= Math.min(room, buffer.length);
  }
  return buffers;
}

/** How many bytes they hold. */
export function totalBytes(buffers: readonly Uint8Array[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}
