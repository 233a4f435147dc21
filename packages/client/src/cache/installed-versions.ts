import { EbpmError } from '@ebpm/formats';
import type { Installed, InstalledVersion } from '../installed.js';

/** Everything that is installed; what has no readable record is passed over. @throws EBPM_STORE_DAMAGED */
export async function installedVersions(here: Installed): Promise<readonly InstalledVersion[]> {
  const versions: InstalledVersion[] = [];
  for (const [name, numbers] of await here.numbersByName()) {
    for (const number of numbers) {
      const found = await here.version(name, number).catch(unreadable);
      if (found !== undefined) versions.push(found);
    }
  }
  return versions;
}

function unreadable(error: unknown): undefined {
  if (!(error instanceof EbpmError)) throw error;
}
