import { type Digest, EbpmError } from '@ebpm/formats';
import { Installed } from '../installed.js';

/** The digests of everything that is installed; what has no readable record is passed over. @throws EBPM_STORE_DAMAGED */
export async function installedDigests(home: string): Promise<ReadonlySet<Digest>> {
  const here = new Installed(home);
  const digests = new Set<Digest>();
  for (const name of await here.names()) {
    for (const number of await here.versionNumbers(name)) {
      const found = await here.version(name, number).catch(unreadable);
      if (found !== undefined) digests.add(found.digest);
    }
  }
  return digests;
}

function unreadable(error: unknown): undefined {
  if (!(error instanceof EbpmError)) throw error;
}
