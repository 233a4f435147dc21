import type { Command } from './command.js';
import { STORE_FLAGS, withAccounts } from './store-flags.js';

/** `ebpm-registry user add NAME` */
export const userAdd: Command = {
  name: 'user add',
  positionals: ['NAME'],
  summary: 'add somebody who may publish',
  flags: { ...STORE_FLAGS, json: { description: 'print the result as JSON' } },
  async run(input, context) {
    const [name = ''] = input.positionals;
    const user = await withAccounts(input, context, (accounts) => accounts.addUser(name), { mayMake: true });
    context.print(input.flags['json'] === true ? JSON.stringify(user) : `added ${user.name}`);
  },
};
