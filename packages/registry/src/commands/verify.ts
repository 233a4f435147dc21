import { EbpmError } from '@ebpm/formats';
import { type Verified, verifyRegistry } from '../upkeep/verify-registry.js';
import type { Command } from './command.js';
import { STORE_FLAGS, withStore } from './store-flags.js';

/** `ebpm-registry verify` */
export const verify: Command = {
  name: 'verify',
  positionals: [],
  summary: 'read everything and say whether it is sound; nothing is written',
  flags: { ...STORE_FLAGS, json: { description: 'print the result as JSON' } },
  async run(input, context) {
    const verified = await withStore(input, context, ({ store }) => verifyRegistry(store));
    for (const line of input.flags['json'] === true ? [JSON.stringify(verified)] : linesOf(verified)) {
      context.print(line);
    }
    const { length } = verified.problems;
    if (length > 0)
      throw new EbpmError(
        'EBPM_VERIFY_FAILED',
        `Cannot vouch for the registry: ${length} ${length === 1 ? 'problem' : 'problems'}`,
      );
  },
};

function linesOf({ entries, blobs, segments, snapshot, problems }: Verified): string[] {
  const tables = snapshot === undefined ? 'no snapshot to compare tables with' : `tables compared with ${snapshot}`;
  return [
    `${entries.log} entries of the log, ${entries.accounts} of the accounts, ${blobs} archives, ${segments} segments; ${tables}`,
    ...problems.map((problem) => `problem: ${problem}`),
  ];
}
