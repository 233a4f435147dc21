import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Digest } from '@ebpm/formats';
import { DIGEST_PART_BYTES } from './limits.js';

/**
 * The digest of a regular file's bytes; undefined where it is none, or larger.
 *
 * @param part what it is read into, one part after another; to be given for many files: memory that was never touched is dear
 * @throws the system's error
 */
export function fileDigest(
  path: string,
  maxBytes: number,
  part: Uint8Array = new Uint8Array(DIGEST_PART_BYTES),
): Digest | undefined {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > maxBytes) return undefined;
    const hash = createHash('sha256');
    for (let left = stat.size; left > 0; ) {
      const size = readSync(file, part, 0, part.length, null);
      if (size === 0) break;
      hash.update(part.subarray(0, size));
      left -= size;
    }
    return `sha256:${hash.digest('hex')}`;
  } finally {
    closeSync(file);
  }
}
