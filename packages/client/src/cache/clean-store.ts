import { stat } from 'node:fs/promises';
import type { Digest } from '@ebpm/formats';
import { Installed } from '../installed.js';
import { INSTALLING_MS } from '../limits.js';
import { Store } from '../store.js';
import { StorePaths } from '../store-paths.js';
import { storedContents } from './stored-contents.js';

/**
 * Takes the files away that no installed version needs. Gives their digests. What was written in the last minute stays: it may belong to
 * an installation that has not written its record yet.
 *
 * @throws EBPM_STORE_DAMAGED, EBPM_STORE_UNWRITABLE
 */
export async function cleanStore(home: string): Promise<readonly Digest[]> {
  const needed = new Set<Digest>();
  const here = new Installed(home);
  for (const name of await here.names()) {
    for (const { digest } of await here.versions(name)) needed.add(digest);
  }
  const store = new Store(home);
  const removed: Digest[] = [];
  for (const digest of await storedContents(home)) {
    if (needed.has(digest) || (await isFresh(home, digest))) continue;
    await store.removeContents(digest);
    removed.push(digest);
  }
  return removed;
}

async function isFresh(home: string, digest: Digest): Promise<boolean> {
  const { mtimeMs } = await stat(new StorePaths(home).contents(digest));
  return Date.now() - mtimeMs < INSTALLING_MS;
}
