import { archiveEntries, MANIFEST_FILE, readManifest } from '@ebpm/formats';
import type { Installed, InstalledVersion } from '../installed.js';

/** The ranges of versions that the manifest of an installed version names, by name; undefined where its archive was removed meanwhile. @throws EBPM_STORE_DAMAGED, EBPM_SIGNATURE_INVALID */
export async function dependenciesOf(
  here: Installed,
  version: InstalledVersion,
): Promise<Readonly<Record<string, string>> | undefined> {
  const archive = await here.presentArchive(version);
  if (archive === undefined) return undefined;
  const manifest = archiveEntries(archive).find(({ name }) => name === MANIFEST_FILE);
  return (manifest && readManifest(manifest.bytes).dependencies) ?? {};
}
