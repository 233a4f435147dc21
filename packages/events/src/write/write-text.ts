/** Copies bytes and returns the position after them. */
export function writeBytes(out: Uint8Array, at: number, bytes: Uint8Array): number {
  for (let index = 0; index < bytes.length; index += 1) out[at + index] = bytes[index] ?? 0;
  return at + bytes.length;
}

/** Writes a text as UTF-8 and returns the position after it. */
export function writeText(out: Uint8Array, at: number, text: string): number {
  return at + ENCODER.encodeInto(text, out.subarray(at)).written;
}

/** The UTF-8 bytes of a text. */
export function utf8Bytes(text: string): Uint8Array {
  return ENCODER.encode(text);
}

const ENCODER = new TextEncoder();
