import { type TarFile, unpackTar } from '@ebpm/formats';
import type { LockedPackage, Lockfile } from '@ebpm/schemas';
import type { Installed } from '../installed.js';
import { lockedVersion } from './locked-version.js';

/** Where a package has the headers that it gives to others. */
export const HEADER_FOLDER = 'include';

/** The headers of a package, by their paths below `include/`. */
export interface LockedHeaders {
  readonly name: string;
  readonly files: readonly TarFile[];
}

/**
 * The headers of everything that a lockfile names, by name; packages without any are left out.
 *
 * @throws EBPM_NOT_INSTALLED, EBPM_LOCKFILE_MISMATCH, EBPM_STORE_DAMAGED
 */
export async function lockedHeaders(here: Installed, { packages }: Lockfile): Promise<readonly LockedHeaders[]> {
  const found: LockedHeaders[] = [];
  for (const [name, locked] of Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const files = await headersOf(here, name, locked);
    if (files.length > 0) found.push({ name, files });
  }
  return found;
}

async function headersOf(here: Installed, name: string, locked: LockedPackage): Promise<readonly TarFile[]> {
  const installed = await lockedVersion(here, name, locked, 'take headers from');
  const prefix = `${HEADER_FOLDER}/`;
  return unpackTar(await here.wholeArchive(installed))
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, bytes }) => ({ path: path.slice(prefix.length), bytes }));
}
