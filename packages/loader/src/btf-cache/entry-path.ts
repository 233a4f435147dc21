import { join } from 'node:path';
import { hasModuleBtf } from './kernel-btf.js';
import { sha256 } from './sha256.js';

/** How the names of entries end. */
export const ENTRY_ENDING = '.btf';

/** To be raised when `minimalBtf` or the file gives something else for the same input. */
const FORMAT = 'ebpm minimal BTF 1';

/**
 * Where the entry of an object is. Whether modules have BTF is a part of it, since they may be loaded later.
 * @param kernel the digest of the kernel's BTF
 */
export function entryPath(folder: string, kernel: string, object: Uint8Array): string {
  const parts = [FORMAT, kernel, sha256(object).toString('hex'), hasModuleBtf() ? 'modules' : 'no modules'];
  return join(folder, `${sha256(Buffer.from(parts.join('\n'))).toString('hex')}${ENTRY_ENDING}`);
}
