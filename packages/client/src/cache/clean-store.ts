import type { Digest } from '@ebpm/formats';
import { ArchiveStore } from '../archive-store.js';
import { installedDigests } from './installed-digests.js';

/** Takes the archives away that nothing installed was made from. Gives their digests. @throws EBPM_STORE_DAMAGED, EBPM_STORE_UNWRITABLE */
export async function cleanStore(home: string): Promise<readonly Digest[]> {
  const installed = await installedDigests(home);
  const archives = new ArchiveStore(home);
  const removed = (await archives.digests()).filter((digest) => !installed.has(digest));
  for (const digest of removed) await archives.remove(digest);
  return removed;
}
