import { EbpmError } from '@ebpm/formats';
import type { LockedPackage } from '@ebpm/schemas';
import type { Installed, InstalledVersion } from '../installed.js';
import { lockedOther } from './locked-errors.js';
import { LOCKFILE } from './lockfile.js';

/**
 * The installed version that a lockfile names.
 *
 * @param action what it is wanted for, such as `run` or `take headers from`
 * @throws EBPM_NOT_INSTALLED, EBPM_LOCKFILE_MISMATCH, EBPM_STORE_DAMAGED
 */
export async function lockedVersion(
  here: Installed,
  name: string,
  locked: LockedPackage,
  action: string,
): Promise<InstalledVersion> {
  const { version } = locked;
  const spec = `${name}@${version}`;
  const there = await here.version(name, version);
  if (there === undefined) {
    throw new EbpmError(
      'EBPM_NOT_INSTALLED',
      `Cannot ${action} "${spec}", which ${LOCKFILE} names: it is not installed`,
      {
        hint: 'Type: ebpm ci',
      },
    );
  }
  if (there.digest === locked.digest) return there;
  throw lockedOther(there, locked, action);
}
