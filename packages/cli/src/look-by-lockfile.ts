import type { InstalledVersion, VersionWriter } from '@ebpm/client';
import { needsWithin } from '@ebpm/client/needs';
import { EbpmError } from '@ebpm/formats';
import type { Lockfile } from '@ebpm/schemas';
import type { Context } from './context.js';
import { withPackages } from './open-packages.js';
import { installAll } from './project-install.js';
import { trustedLockfile } from './version-by-lockfile.js';

/** How a version of the lockfile here is looked at. */
export interface LookByLockfileOptions {
  readonly ebpmVersion: string;
  /** What takes it, and what it needs. */
  readonly writer: VersionWriter;
}

/**
 * Has the version that the lockfile here names of a package downloaded and checked as `ebpm ci` does, with all that it needs in the versions that
 * stand there.
 *
 * @throws EBPM_LOCKFILE_INVALID, EBPM_NOT_INSTALLED, and what installLocked throws
 */
export async function lookByLockfile(
  context: Context,
  name: string,
  { ebpmVersion, writer }: LookByLockfileOptions,
): Promise<InstalledVersion> {
  const lockfile = await trustedLockfile('.', context.env);
  const part = lockfile && partOf(lockfile, name);
  const options = { flag: undefined, ebpmVersion, writer };
  const results =
    part && (await withPackages(context, options, (access) => installAll(context, part, access, options)));
  const found = results?.find(({ installed }) => installed.name === name);
  if (found !== undefined) return found.installed;
  // Somebody has changed it in this moment.
  throw new EbpmError('EBPM_NOT_INSTALLED', `Cannot look at "${name}": the lockfile here does not have it any more`);
}

/** A package of a lockfile, and all that it needs there. */
function partOf(lockfile: Lockfile, name: string): Lockfile | undefined {
  const locked = Object.hasOwn(lockfile.packages, name) ? lockfile.packages[name] : undefined;
  if (locked === undefined) return undefined;
  const packages = { ...needsWithin(lockfile, name)?.packages, [name]: locked };
  return { lockfile: 1, requires: { [name]: locked.version }, packages };
}
