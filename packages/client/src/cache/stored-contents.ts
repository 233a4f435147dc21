import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Digest,
  digestOf,
  isDigest,
  MAX_PACKAGE_BYTES,
  MAX_PACKAGE_FILES,
  packTar,
  type TarFile,
} from '@ebpm/formats';
import { filesIn } from '../installed.js';
import { readRegularFile } from '../read-regular-file.js';
import { StorePaths } from '../store-paths.js';

/** The archives whose files lie in a store, by their digests, sorted. @throws EBPM_STORE_DAMAGED */
export async function storedContents(home: string): Promise<readonly Digest[]> {
  const root = new StorePaths(home).allContents;
  const found: Digest[] = [];
  for (const first of await filesIn(root)) {
    for (const rest of await filesIn(join(root, first))) {
      const digest = `sha256:${first}${rest}`;
      if (isDigest(digest)) found.push(digest);
    }
  }
  return found.sort();
}

/**
 * What is wrong with the files of an archive; undefined where nothing is. An archive has exactly one form for the same files, so they
 * are packed again, and the digest of that must be the one that they lie under.
 */
export async function contentsProblem(home: string, digest: Digest): Promise<string | undefined> {
  const folder = new StorePaths(home).contents(digest);
  try {
    const files: TarFile[] = [];
    await collect(folder, '', files);
    if (files.length === 0) return 'its files are gone';
    return digestOf(packTar(files)) === digest ? undefined : 'its files are not those that were installed';
  } catch (error) {
    return `its files cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function collect(folder: string, below: string, files: TarFile[]): Promise<void> {
  for (const name of await filesIn(join(folder, below))) {
    const path = below === '' ? name : `${below}/${name}`;
    const stat = await lstat(join(folder, path));
    if (stat.isDirectory()) {
      await collect(folder, path, files);
      continue;
    }
    if (!stat.isFile()) throw new Error(`"${path}" is not a regular file`);
    const bytes = await readRegularFile(join(folder, path), MAX_PACKAGE_BYTES);
    if (bytes !== undefined) files.push({ path, bytes });
    if (files.length > MAX_PACKAGE_FILES) throw new Error(`there are more than ${MAX_PACKAGE_FILES} of them`);
  }
}
