import { type CheckedObject, usesKernelBtf } from '@ebpm/object';
import { MAX_CACHED_BTF_BYTES } from '../limits.js';
import { entryPath } from './entry-path.js';
import { kernelBtfDigest } from './kernel-btf.js';
import { DIGEST_BYTES, sha256 } from './sha256.js';
import { isTrustedFolder, readTrustedFile } from './trusted-files.js';

/**
 * The minimal BTF that the cache has for an object on this kernel. 'missing': none yet. 'useless': there will be none,
 * since the object needs nothing of the kernel's BTF, or the real one.
 *
 * An entry that is not what belongs there would give wrong offsets without a word. So its name is a digest of the kernel's
 * BTF and of the object, it starts with a digest of what follows, and it counts only where nobody but root could have
 * written it: file, folder and every folder above belong to root, and nobody else may write to them. What is not so is
 * missing.
 *
 * @param folder an absolute path, such as `/var/cache/ebpm/btf`; it need not be there
 */
export function cachedBtf(folder: string, { bytes, object }: CheckedObject): Uint8Array | 'missing' | 'useless' {
  if (usesKernelBtf(object) !== 'for_core') return 'useless';
  const kernel = isTrustedFolder(folder) ? kernelBtfDigest(folder) : undefined;
  if (kernel === undefined) return 'missing';
  const entry = readTrustedFile(entryPath(folder, kernel, bytes), DIGEST_BYTES + MAX_CACHED_BTF_BYTES);
  if (entry === undefined) return 'missing';
  const btf = entry.subarray(DIGEST_BYTES);
  if (!sha256(btf).equals(entry.subarray(0, DIGEST_BYTES))) return 'missing';
  return btf.length === 0 ? 'useless' : btf;
}
