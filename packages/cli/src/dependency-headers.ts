import { Installed, type LockedHeaders, lockedHeaders, lockProblem, requireLockfile } from '@ebpm/client';
import { EbpmError, type Manifest } from '@ebpm/formats';

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
  const problem = lockProblem(lockfile, dependencies);
  if (problem !== undefined) {
    throw new EbpmError('EBPM_LOCKFILE_STALE', `Cannot build "${folder}" by its lockfile: ${problem}`, {
      hint: 'Bring it up to date: ebpm install',
    });
  }
  return lockedHeaders(new Installed(home), lockfile);
}
