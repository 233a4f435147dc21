import { EbpmError, publisherKeyId } from '@ebpm/formats';
import type { Installed, InstalledVersion } from '../installed.js';
import { checkSignature } from './publisher-signature.js';

/** The id of the key that signed what was installed last of a package from a registry; undefined where nothing signed is installed. */
export async function installedKey(here: Installed, name: string, registry: string): Promise<string | undefined> {
  const numbers = await here.versionNumbers(name);
  const versions = await Promise.all(numbers.map((number) => signedVersion(here, name, number)));
  const last = versions
    .filter((version) => version?.registry === registry)
    .reduce<InstalledVersion | undefined>(
      (newest, next) => (newest === undefined || (next?.installedAt ?? '') > newest.installedAt ? next : newest),
      undefined,
    );
  return last?.signature && publisherKeyId(last.signature.key);
}

/** What is damaged is installed again, and says nothing until then. */
async function signedVersion(here: Installed, name: string, number: string): Promise<InstalledVersion | undefined> {
  try {
    const version = await here.version(name, number);
    if (version?.signature === undefined) return undefined;
    checkSignature(version, version.signature);
    return version;
  } catch (error) {
    const isDamaged = error instanceof EbpmError && DAMAGES.includes(error.code);
    if (!isDamaged) throw error;
    return undefined;
  }
}

/** What a version fails with that has to be installed again. */
export const DAMAGES: readonly string[] = ['EBPM_STORE_DAMAGED', 'EBPM_SIGNATURE_INVALID'];
