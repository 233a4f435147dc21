import { OPERATOR } from '../fold/principal.js';
import type { Command } from './command.js';
import { STORE_FLAGS, withRegistry } from './store-flags.js';
import { usageError } from './usage-error.js';

/** `ebpm-registry key revoke KEY-ID` */
export const keyRevoke: Command = {
  name: 'key revoke',
  positionals: ['KEY-ID'],
  summary: 'end a key that packages are signed with, for ever',
  flags: { ...STORE_FLAGS, json: { description: 'print the result as JSON' } },
  async run(input, context) {
    const [id = ''] = input.positionals;
    if (!/^k_[0-9a-f]{32}$/.test(id)) throw usageError(`"${id}" is not the id of a key: wanted k_ and 32 hex digits`);
    await withRegistry(input, context, ({ log }) => log.commit({ type: 'key', by: OPERATOR, action: 'revoke', id }));
    context.print(input.flags['json'] === true ? JSON.stringify({ id, state: 'revoked' }) : `revoked ${id}`);
  },
};
