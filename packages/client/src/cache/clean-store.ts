import type { Digest } from '@ebpm/formats';
import { ArchiveStore } from '../archive-store.js';
import { Installed } from '../installed.js';
import { installedVersions } from './installed-versions.js';

/** Takes the archives away that nothing installed was made from. Gives their digests. @throws EBPM_STORE_DAMAGED, EBPM_STORE_UNWRITABLE */
export async function cleanStore(home: string): Promise<readonly Digest[]> {
  const installed = new Set((await installedVersions(new Installed(home))).map(({ digest }) => digest));
  const archives = new ArchiveStore(home);
  const removed = (await archives.digests()).filter((digest) => !installed.has(digest));
  for (const digest of removed) await archives.remove(digest);
  return removed;
}
