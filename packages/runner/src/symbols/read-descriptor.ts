import { closeSync, fstatSync, readSync } from 'node:fs';
import type { ReadAt } from './executable-symbols.js';

/** What a file in /proc gives in one reading at least. */
const FIRST_BYTES = 64 * 1024;

/** All that a descriptor gives, at most `limitBytes`; closes it. Empty where it cannot be read any more. */
export function readToEnd(descriptor: number, limitBytes: number): Uint8Array {
  let bytes = new Uint8Array(Math.min(FIRST_BYTES, limitBytes));
  let length = 0;
  try {
    for (let got = -1; got !== 0 && length < limitBytes; length += got) {
      if (length === bytes.length) bytes = grown(bytes, limitBytes);
      got = readOrNothing(descriptor, bytes.subarray(length), null);
    }
  } finally {
    closeSync(descriptor);
  }
  return bytes.subarray(0, length);
}

/** Reads from anywhere in a file, as far as it goes. */
export function readAt(descriptor: number): ReadAt {
  const fileBytes = fstatSync(descriptor).size;
  return (offsetBytes, sizeBytes) => {
    const bytes = new Uint8Array(Math.max(0, Math.min(sizeBytes, fileBytes - offsetBytes)));
    let length = 0;
    for (let got = -1; got !== 0 && length < bytes.length; length += got) {
      got = readOrNothing(descriptor, bytes.subarray(length), offsetBytes + length);
    }
    return bytes.subarray(0, length);
  };
}

function grown(bytes: Uint8Array, limitBytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(bytes.length * 2, limitBytes));
  larger.set(bytes);
  return larger;
}

/** A process that has ended leaves descriptors that give ESRCH; a file on a lost disk gives EIO. */
function readOrNothing(descriptor: number, into: Uint8Array, position: number | null): number {
  try {
    return readSync(descriptor, into, 0, into.length, position);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return 0;
    throw error;
  }
}
