import { hash } from 'node:crypto';
import { EbpmError } from './ebpm-error.js';

/** The identity of bytes: `sha256:` and 64 lower-case hex digits. */
export type Digest = `sha256:${string}`;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The digest of bytes. */
export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${sha256Hex(bytes)}`;
}

/** The SHA-256 (FIPS 180-4) of bytes as 64 lower-case hex digits. */
export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/**
 * Checks a digest and returns it.
 * @throws EBPM_DIGEST_INVALID
 */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new EbpmError('EBPM_DIGEST_INVALID', `Cannot use ${JSON.stringify(text.slice(0, 100))} as a digest`, {
    hint: 'Write "sha256:" and 64 lower-case hex digits',
  });
}

/** Whether a text is a digest. */
export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/** The 64 hex digits of a digest. */
export function digestHex(digest: Digest): string {
  return digest.slice('sha256:'.length);
}
