import { EbpmError } from '@ebpm/formats';
import type { Installed, InstalledVersion } from './installed.js';
import { DAMAGES } from './trust/installed-key.js';

/** A version that is installed with what is used of it as it was; what is damaged counts as not installed. */
export async function wholeVersion(
  here: Installed,
  name: string,
  version: string,
): Promise<InstalledVersion | undefined> {
  try {
    const found = await here.version(name, version);
    if (found !== undefined) await here.checkWhole(found);
    return found;
  } catch (error) {
    const isDamaged = error instanceof EbpmError && DAMAGES.includes(error.code);
    if (isDamaged) return undefined;
    throw error;
  }
}

/** Why a version cannot be installed that another one of its number is installed for. */
export function versionChanged({ name, version, digest, registry }: InstalledVersion, url: string): EbpmError {
  const spec = `${name}@${version}`;
  return new EbpmError(
    'EBPM_VERSION_CHANGED',
    `Cannot install "${spec}" from "${url}": another package of this name and version is installed, from "${registry}"`,
    {
      hint:
        registry === url
          ? 'A version never changes within a registry: tell whoever runs it. What is installed stays as it is'
          : `If you want the one of "${url}", type: ebpm uninstall --global ${spec} && ebpm install ${spec}`,
      data: { installedDigest: digest },
    },
  );
}
