import { createHash } from 'node:crypto';

export const DIGEST_BYTES = 32;

/** The SHA-256 digest of some bytes. */
export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
