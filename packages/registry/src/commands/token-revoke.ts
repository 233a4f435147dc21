import type { Command } from './command.js';
import { STORE_FLAGS, withAccounts } from './store-flags.js';

/** `ebpm-registry token revoke TOKEN-ID` */
export const tokenRevoke: Command = {
  name: 'token revoke',
  positionals: ['TOKEN-ID'],
  summary: 'end a token for good (user list shows the ids)',
  flags: { ...STORE_FLAGS, json: { description: 'print the result as JSON' } },
  async run(input, context) {
    const [id = ''] = input.positionals;
    await withAccounts(input, context, (accounts) => accounts.revokeToken(id));
    context.print(input.flags['json'] === true ? JSON.stringify({ id, state: 'revoked' }) : `revoked ${id}`);
  },
};
