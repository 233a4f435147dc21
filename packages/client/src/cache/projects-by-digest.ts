import { EbpmError } from '@ebpm/formats';
import { readLockfile } from '../project/lockfile.js';
import { KnownProjects } from './known-projects.js';

/**
 * The folders of the projects whose lockfiles name an archive, by its digest. A lockfile that cannot be read names nothing.
 *
 * @throws EBPM_STORE_DAMAGED
 */
export async function projectsByDigest(home: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const folder of await new KnownProjects(home).folders()) {
    const lockfile = await readLockfile(folder).catch(unreadable);
    for (const { digest } of Object.values(lockfile?.packages ?? {})) {
      found.set(digest, [...(found.get(digest) ?? []), folder]);
    }
  }
  return found;
}

function unreadable(error: unknown): undefined {
  if (!(error instanceof EbpmError)) throw error;
}
