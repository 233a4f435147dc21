import { MAX_HEADER_BYTES } from '../limits.js';

/**
 * What goes over a guest's channel in one frame: a header in JSON, and bytes where it speaks of some.
 *
 *     | u32 bytes of the header | header | bytes ... |
 */
export interface Message {
  readonly header: unknown;
  readonly blob: Uint8Array;
}

const LENGTH_BYTES = 4;

export function encodeMessage(header: object, blob: Uint8Array = new Uint8Array()): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + text.length + blob.length);
  bytes.writeUInt32LE(text.length);
  bytes.set(text, LENGTH_BYTES);
  bytes.set(blob, LENGTH_BYTES + text.length);
  return bytes;
}

/** Undefined for what is no message: the other side is not to be trusted. */
export function decodeMessage(bytes: Uint8Array): Message | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = all.readUInt32LE();
  if (size > MAX_HEADER_BYTES || size > all.length - LENGTH_BYTES) return undefined;
  try {
    const header: unknown = JSON.parse(all.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + size));
    return { header, blob: all.subarray(LENGTH_BYTES + size) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
