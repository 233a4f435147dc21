import { EbpmError } from '@ebpm/formats';
import type { LockedPackage } from '@ebpm/schemas';
import { LOCKFILE } from './lockfile.js';

/** The registry does not have a version of a lockfile. */
export function lockedGone(name: string, { version, registry }: LockedPackage): EbpmError {
  return new EbpmError(
    'EBPM_VERSION_NOT_FOUND',
    `Cannot install "${name}@${version}" as ${LOCKFILE} has it: "${registry}" does not have it any more`,
    { hint: `Choose another one: ebpm update ${name}` },
  );
}

/** The registry has other bytes of a version than a lockfile names. */
export function lockedMismatch(
  name: string,
  { version, digest, registry }: LockedPackage,
  received: string,
): EbpmError {
  return new EbpmError(
    'EBPM_LOCKFILE_MISMATCH',
    `Cannot install "${name}@${version}": "${registry}" has other bytes of it than ${LOCKFILE} names`,
    {
      hint: 'A version never changes within a registry: tell whoever runs it. Nothing was installed of this package',
      data: { locked: digest, received },
    },
  );
}
