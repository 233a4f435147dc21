/**
 * Base64 (RFC 4648 section 4): standard alphabet, padded, one text for the same bytes. The runtime's own decoders skip what
 * they do not know, so that damage would go unseen.
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BAD = 255;

/** Encodes bytes. */
export function encodeBase64(bytes: Uint8Array): string {
  const chunks: string[] = [];
  // A multiple of 3, so that only the last chunk is padded; small enough for one call with a list of arguments.
  for (let start = 0; start < bytes.length; start += 24_576)
    chunks.push(encodeChunk(bytes.subarray(start, start + 24_576)));
  return chunks.join('');
}

function encodeChunk(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** Decodes a text; undefined when it is not strict base64: a foreign character, a wrong length, bits left over. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const values = valuesByCode();
  let bits = 0;
  let at = 0;
  for (let index = 0; index < digits; index += 1) {
    const value = values[text.charCodeAt(index)] ?? BAD;
    if (value === BAD) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    const whole = (index & 3) * 2;
    if (whole > 0) bytes[at++] = bits >> (6 - whole);
  }
  const left = bits & ((1 << (padding * 2)) - 1);
  return left === 0 ? bytes : undefined;
}

function valuesByCode(): Uint8Array {
  const values = new Uint8Array(128).fill(BAD);
  for (let value = 0; value < ALPHABET.length; value += 1) values[ALPHABET.charCodeAt(value)] = value;
  return values;
}
