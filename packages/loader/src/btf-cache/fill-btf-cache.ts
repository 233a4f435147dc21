import { type CheckedObject, minimalBtf, usesKernelBtf } from '@ebpm/object';
import { MAX_CACHED_BTF_BYTES, MAX_CACHED_BTFS } from '../limits.js';
import { ENTRY_ENDING, entryPath } from './entry-path.js';
import { hasModuleBtf, readKernelBtf, rememberKernelBtf } from './kernel-btf.js';
import { sha256 } from './sha256.js';
import { keepNewest, makeTrustedFolder, writeTrustedFile } from './trusted-files.js';

/**
 * Makes and stores what `cachedBtf` gives for an object on this kernel. It takes some 100 ms, so not in the process that
 * runs the object.
 *
 * @throws what the system says where the folder cannot be written, TypeError where others than root could write to it
 */
export function fillBtfCache(folder: string, { bytes, object }: CheckedObject): void {
  if (usesKernelBtf(object) !== 'for_core') return;
  makeTrustedFolder(folder);
  const kernelBtf = readKernelBtf();
  const kernel = sha256(kernelBtf).toString('hex');
  rememberKernelBtf(folder, kernel);
  const { bytes: btf, missing } = minimalBtf(kernelBtf, object);
  // What the kernel lacks may be in a module: only without a minimal BTF does libbpf look there.
  const isUseful = btf.length <= MAX_CACHED_BTF_BYTES && (missing.length === 0 || !hasModuleBtf());
  const kept = isUseful ? btf : new Uint8Array(0);
  writeTrustedFile(entryPath(folder, kernel, bytes), Buffer.concat([sha256(kept), kept]));
  keepNewest(folder, ENTRY_ENDING, MAX_CACHED_BTFS);
}
