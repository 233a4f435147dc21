import { archiveEntries, MANIFEST_FILE, readManifest } from '@ebpm/formats';
import type { Installed, InstalledVersion } from '../installed.js';

/** Ranges of versions, by name. */
export type Dependencies = Readonly<Record<string, string>>;

/** What the manifest of an installed version names; undefined where its archive was removed meanwhile. @throws EBPM_STORE_DAMAGED, EBPM_SIGNATURE_INVALID */
export async function dependenciesOf(here: Installed, version: InstalledVersion): Promise<Dependencies | undefined> {
  const archive = await here.presentArchive(version);
  if (archive === undefined) return undefined;
  const manifest = archiveEntries(archive).find(({ name }) => name === MANIFEST_FILE);
  return (manifest && readManifest(manifest.bytes).dependencies) ?? {};
}
