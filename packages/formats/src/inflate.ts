import { inflateSync } from 'node:zlib';

/** What {@link inflate} found. */
export type Inflated =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: 'damaged' | 'too short' | 'too long'; readonly cause?: unknown };

/** A header and a checksum. */
const MIN_BYTES = 2 + 4;

/** RFC 1951: 258 bytes of output cost at least 2 bits, so nothing unpacks to more than 1032 times its size. */
const MAX_RATIO = 1032;

/** The least that Node's zlib takes for its output at a time. */
const MIN_CHUNK_BYTES = 64;

/**
 * Unpacks zlib data (RFC 1950) that must have `sizeBytes`, with nothing behind them, and stops where they have more. Nothing is allocated that
 * the data cannot fill. By the runtime's own zlib: a run unpacks its object while somebody waits, and a decoder in JavaScript would still be cold.
 */
export function inflate(data: Uint8Array, sizeBytes: number): Inflated {
  if (data.length < MIN_BYTES) return { ok: false, reason: 'damaged' };
  if (sizeBytes > data.length * MAX_RATIO) return { ok: false, reason: 'too short' };
  try {
    const { buffer: bytes, engine } = inflateSync(data, {
      info: true,
      maxOutputLength: Math.max(sizeBytes, 1),
      // One byte more than expected, so that it comes out in one piece.
      chunkSize: Math.max(sizeBytes + 1, MIN_CHUNK_BYTES),
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    if (engine.bytesWritten !== data.length) return { ok: false, reason: 'damaged' };
    if (bytes.length > sizeBytes) return { ok: false, reason: 'too long' };
    if (bytes.length < sizeBytes) return { ok: false, reason: 'too short' };
    return { ok: true, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
  } catch (cause) {
    const isTooLong = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLong ? { ok: false, reason: 'too long' } : { ok: false, reason: 'damaged', cause };
  }
}
