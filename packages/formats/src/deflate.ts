import { zlibSync } from 'fflate/browser';

/**
 * Compresses bytes to zlib data (RFC 1950): the same bytes on every machine. By fflate, which is plain JavaScript and pinned: what is hashed must
 * not depend on the zlib that a runtime was built with.
 */
export function deflate(bytes: Uint8Array): Uint8Array {
  return zlibSync(bytes, { level: 9 });
}
