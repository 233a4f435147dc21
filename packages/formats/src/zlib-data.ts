/**
 * zlib data (RFC 1950): 2 bytes of header, deflate, 4 bytes of Adler-32. Packed and unpacked by fflate, which is plain JavaScript and
 * pinned: bytes that are hashed must not depend on the zlib that a runtime was built with.
 */
import { Unzlib, zlibSync } from 'fflate/browser';
import { adler32 } from './adler32.js';

/** What {@link inflate} found. */
export type Inflated =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: 'damaged' | 'too short' | 'too long'; readonly cause?: unknown };

/** A header and a checksum. */
const MIN_BYTES = 2 + 4;

/** RFC 1951: 258 bytes of output cost at least 2 bits, so nothing unpacks to more than 1032 times its size. */
const MAX_RATIO = 1032;

/** Input that is unpacked at a time: with the ratio above, at most 4 MiB come out of it before the size is looked at. */
const STEP_BYTES = 4096;

/** Compresses bytes: the same bytes on every machine. */
export function deflate(bytes: Uint8Array): Uint8Array {
  return zlibSync(bytes, { level: 9 });
}

/** Unpacks data that must have `sizeBytes`, and stops where it has more. Nothing is allocated that the data cannot fill. */
export function inflate(data: Uint8Array, sizeBytes: number): Inflated {
  if (data.length < MIN_BYTES) return { ok: false, reason: 'damaged' };
  if (sizeBytes > data.length * MAX_RATIO) return { ok: false, reason: 'too short' };
  const bytes = new Uint8Array(sizeBytes);
  let length = 0;
  const stream = new Unzlib((chunk) => {
    if (length + chunk.length <= sizeBytes) bytes.set(chunk, length);
    length += chunk.length;
  });
  try {
    for (let start = 0; start < data.length && length <= sizeBytes; start += STEP_BYTES) {
      stream.push(data.subarray(start, start + STEP_BYTES), start + STEP_BYTES >= data.length);
    }
  } catch (cause) {
    // fflate throws errors of several classes at damaged data.
    return { ok: false, reason: 'damaged', cause };
  }
  if (length > sizeBytes) return { ok: false, reason: 'too long' };
  if (length < sizeBytes) return { ok: false, reason: 'too short' };
  return checksumOf(data) === adler32(bytes) ? { ok: true, bytes } : { ok: false, reason: 'damaged' };
}

function checksumOf(data: Uint8Array): number {
  return new DataView(data.buffer, data.byteOffset + data.length - 4).getUint32(0);
}
