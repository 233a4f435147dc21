import type { Command } from './command.js';
import { STORE_FLAGS, withAccounts } from './store-flags.js';

/** `ebpm-registry user erase NAME` */
export const userErase: Command = {
  name: 'user erase',
  positionals: ['NAME'],
  summary: 'remove everything that says who a user is, and end his tokens; nobody gets his name',
  flags: { ...STORE_FLAGS, json: { description: 'print the result as JSON' } },
  async run(input, context) {
    const [name = ''] = input.positionals;
    const id = await withAccounts(input, context, (accounts) => accounts.eraseUser(name));
    context.print(input.flags['json'] === true ? JSON.stringify({ id, state: 'erased' }) : `erased ${id}`);
  },
};
