import { Buffer } from 'node:buffer';

/** Base64 (RFC 4648 section 4): standard alphabet, padded, one text for the same bytes. */

/** Encodes bytes. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

/** Decodes a text; undefined when it is not strict base64: a foreign character, a wrong length, bits left over. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  // The runtime's decoder skips what it does not know, so that damage would go unseen.
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined;
}
