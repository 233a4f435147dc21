import { knownRevocations, revocationOf } from '@ebpm/client/revocations';
import { EbpmError } from '@ebpm/formats';
import type { InstalledRun } from './run-record.js';

/** Why what runs must not be used any more, going by the last list of its registry; undefined while it may, and where nobody knows. */
export async function revokedRun(home: string, installed: InstalledRun | undefined): Promise<string | undefined> {
  if (installed === undefined) return undefined;
  try {
    const known = await knownRevocations(home, installed.registry);
    return known?.list && revocationOf(known.list, installed)?.message;
  } catch (error) {
    // A damaged list says so at the next run; what runs is listed all the same.
    if (error instanceof EbpmError) return undefined;
    throw error;
  }
}
