import { knownRevocations, revocationOf } from '@ebpm/client/revocations';
import { EbpmError } from '@ebpm/formats';
import type { InstalledRun, RunRecord } from './run-record.js';

/**
 * Why what runs, or a tool that its module can start, must not be used any more, going by the last lists of their registries; undefined while all of it may, and where nobody
 * knows. It would not be run again.
 */
export async function revokedRun(
  home: string,
  { installed, tools = [] }: Pick<RunRecord, 'installed' | 'tools'>,
): Promise<string | undefined> {
  const own = installed && (await revoked(home, installed));
  if (own !== undefined) return own;
  const found = (await Promise.all(tools.map((tool) => revoked(home, tool)))).filter((one) => one !== undefined);
  return found.length === 0 ? undefined : `a tool of its module: ${found.join('; ')}`;
}

async function revoked(home: string, version: InstalledRun): Promise<string | undefined> {
  try {
    const known = await knownRevocations(home, version.registry);
    return known?.list && revocationOf(known.list, version)?.message;
  } catch (error) {
    // A damaged list says so at the next run; what runs is listed all the same.
    if (error instanceof EbpmError) return undefined;
    throw error;
  }
}
