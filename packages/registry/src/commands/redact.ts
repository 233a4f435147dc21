import { redactLog } from '../upkeep/redact-log.js';
import type { Command } from './command.js';
import { STORE_FLAGS, withStore } from './store-flags.js';
import { usageError } from './usage-error.js';

/** `ebpm-registry redact` */
export const redact: Command = {
  name: 'redact',
  positionals: [],
  summary: 'erase what was taken down from the log and the store, for ever; no server may run',
  flags: {
    ...STORE_FLAGS,
    offline: { description: 'says that no server runs on the store (required)' },
    json: { description: 'print the result as JSON' },
  },
  async run(input, context) {
    if (input.flags['offline'] !== true) {
      throw usageError('"redact" writes over entries, and servers have them', 'stop all servers, then add --offline');
    }
    const redacted = await withStore(input, context, ({ store }) => redactLog(store));
    const { operations, entries, blobs, spared } = redacted;
    const text = `erased ${operations} operations in ${entries} entries and ${blobs} archives; backups and mirrors still have them`;
    const lines = spared.map(
      (name) =>
        `the operations of "${name}" stay: without them the log would add up to something else; take the whole package down to erase it`,
    );
    for (const line of input.flags['json'] === true ? [JSON.stringify(redacted)] : [text, ...lines])
      context.print(line);
  },
};
