import { EbpmError } from '@ebpm/formats';
import type { LockedPackage } from '@ebpm/schemas';
import type { InstalledVersion } from '../installed.js';
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
      hint: `A version never changes within a registry. If ${LOCKFILE} is as it was made, tell whoever runs the registry; else restore ${LOCKFILE}, or type: ebpm update ${name}`,
      data: { locked: digest, received },
    },
  );
}

/** Other bytes of a version are installed than a lockfile names. @param action what it is wanted for, such as `run` */
export function lockedOther(
  { name, version, digest, registry }: InstalledVersion,
  locked: LockedPackage,
  action: string,
): EbpmError {
  const spec = `${name}@${version}`;
  const where =
    registry === locked.registry
      ? `Both are said to be of "${registry}", where a version never changes: something was changed`
      : `It came from "${registry}", and ${LOCKFILE} names "${locked.registry}"`;
  return new EbpmError(
    'EBPM_LOCKFILE_MISMATCH',
    `Cannot ${action} "${spec}": what is installed is not what ${LOCKFILE} names`,
    {
      hint: [
        where,
        `See which digest the registry names: ebpm info ${spec}`,
        `If it is that of ${LOCKFILE}, ${digestStart(locked.digest)}, type: ebpm uninstall --global ${spec} && ebpm ci`,
        `If it is that of what is installed, ${digestStart(digest)}, restore ${LOCKFILE}, or type: ebpm update ${name}`,
      ].join('\n'),
      data: { locked: locked.digest, installed: digest },
    },
  );
}

/** As much of a digest as tells two apart for a reader. */
function digestStart(digest: string): string {
  return `${digest.slice(0, 'sha256:'.length + 12)}...`;
}
