import type { Stats } from 'node:fs';
import type { Installed, InstalledVersion, NamedSpec } from '@ebpm/client/installed';
import { lockedVersion } from '@ebpm/client/locked-version';
import { readLockfile } from '@ebpm/client/lockfile';
import { isInRange, LATEST } from '@ebpm/formats';
import type { LockedApproval, LockedPackage, Lockfile } from '@ebpm/schemas';
import { trustedOwners } from './consent/trusted-owners.js';
import type { Context, Environment } from './context.js';

/** An installed version that a lockfile names. */
export interface PinnedVersion {
  readonly version: InstalledVersion;
  /** What the project has agreed to. */
  readonly approved: LockedApproval | undefined;
  readonly lockfile: Lockfile;
}

/**
 * The installed version that the lockfile in this folder names, where the spec leaves that open: the bare name, or a range that it is
 * in. Undefined where the lockfile does not have the package.
 *
 * @throws EBPM_LOCKFILE_INVALID, EBPM_NOT_INSTALLED, EBPM_LOCKFILE_MISMATCH
 */
export async function versionByLockfile(
  context: Context,
  installed: Installed,
  spec: NamedSpec,
): Promise<PinnedVersion | undefined> {
  const pin = await pinOf(context, spec);
  if (pin === undefined) return undefined;
  const { lockfile, locked } = pin;
  return { version: await lockedVersion(installed, spec.name, locked, 'run'), approved: locked.approved, lockfile };
}

/** The number of the version that the lockfile here names for a spec, where it is not installed. @throws EBPM_LOCKFILE_INVALID, EBPM_STORE_DAMAGED */
export async function missingByLockfile(
  context: Context,
  installed: Installed,
  spec: NamedSpec,
): Promise<string | undefined> {
  const { locked } = (await pinOf(context, spec)) ?? {};
  if (locked === undefined) return undefined;
  return (await installed.version(spec.name, locked.version)) === undefined ? locked.version : undefined;
}

interface Pin {
  readonly lockfile: Lockfile;
  readonly locked: LockedPackage;
}

/** What the lockfile here has of a package, where the spec leaves that open. */
async function pinOf({ env }: Context, spec: NamedSpec): Promise<Pin | undefined> {
  const lockfile = await trustedLockfile('.', env);
  const { name } = spec;
  const locked = lockfile !== undefined && Object.hasOwn(lockfile.packages, name) ? lockfile.packages[name] : undefined;
  if (lockfile === undefined || locked === undefined || !leavesOpen(spec, locked.version)) return undefined;
  return { lockfile, locked };
}

/** The lockfile of a project, where somebody wrote it who may say what runs. @throws EBPM_LOCKFILE_INVALID */
export function trustedLockfile(folder: string, env: Environment): Promise<Lockfile | undefined> {
  return readLockfile(folder, (stat) => refuseOthers(stat, env));
}

function leavesOpen(spec: NamedSpec, version: string): boolean {
  return spec.kind === 'tag' ? spec.tag === LATEST : isInRange(version, spec.range);
}

/** Whoever owns the file chooses what runs, maybe as root: it must be us, the user behind sudo, or root. */
function refuseOthers({ uid }: Stats, env: Environment): void {
  if (!trustedOwners(env).includes(uid))
    throw new Error(`it belongs to the user ${uid}; change to another folder, or take it over with chown`);
}
