import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { isFile } from '../is-file.js';
import { MAX_FILE_BYTES } from '../limits.js';
import { readLimited } from '../read-limited.js';
import { cSkeleton } from '../skeleton/c-skeleton.js';
import { scriptSkeleton } from '../skeleton/script-skeleton.js';
import type { Skeleton } from '../skeleton/skeleton.js';

/** A file that is made, by its name. */
export interface MadeFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** C, or AssemblyScript. */
export type GuestLanguage = 'c' | 'ts';

/** The skeleton of an object for a guest. */
export function skeletonFile(skeleton: Skeleton, language: GuestLanguage): MadeFile {
  const [ending, text] = language === 'c' ? ['h', cSkeleton(skeleton)] : ['ts', scriptSkeleton(skeleton)];
  return { path: `${skeleton.stem}.skel.${ending}`, bytes: new TextEncoder().encode(text) };
}

/**
 * Writes skeletons where the compiler looks for them. One that lies beside the sources would be taken instead, so it must be the same.
 * @throws EBPM_BUILD_GUEST
 */
export async function writeSkeletons(files: readonly MadeFile[], dir: string, sources: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const { path, bytes } of files) {
    const own = join(sources, path);
    if ((await isFile(own)) && Buffer.compare(await readLimited(own, MAX_FILE_BYTES), bytes) !== 0) throw stale(own);
    await writeFile(join(dir, path), bytes);
  }
}

function stale(path: string): EbpmError {
  return new EbpmError('EBPM_BUILD_GUEST', `Cannot build: "${path}" is of another object than the one that is built`, {
    hint: 'Remove it: the build makes one of its own',
    data: { path },
  });
}
