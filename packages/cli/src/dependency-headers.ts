import { Installed, type LockedHeaders, lockedHeaders, refuseStale, requireLockfile } from '@ebpm/client';
import type { Manifest } from '@ebpm/formats';

/**
 * The headers of what a project depends on, as its lockfile names it. A build goes to no registry.
 *
 * @throws EBPM_LOCKFILE_MISSING, EBPM_LOCKFILE_STALE, and what readLockfile and lockedHeaders throw
 */
export async function dependencyHeaders(
  home: string,
  folder: string,
  { dependencies = {} }: Manifest,
): Promise<readonly LockedHeaders[]> {
  if (Object.keys(dependencies).length === 0) return [];
  const lockfile = await requireLockfile(folder, 'build with the headers of its dependencies');
  refuseStale(lockfile, dependencies, `build "${folder}" by its lockfile`);
  return lockedHeaders(new Installed(home), lockfile);
}
