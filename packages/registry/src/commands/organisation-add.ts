import type { Command } from './command.js';
import { STORE_FLAGS, withAccounts } from './store-flags.js';
import { usageError } from './usage-error.js';

/** `ebpm-registry organisation add NAME` */
export const organisationAdd: Command = {
  name: 'organisation add',
  positionals: ['NAME'],
  summary: 'add an organisation, whose name is a scope: @NAME/tool',
  flags: {
    ...STORE_FLAGS,
    admin: { value: 'USER', description: 'its first admin, who adds the others (required)' },
    json: { description: 'print the result as JSON' },
  },
  async run(input, context) {
    const [name = ''] = input.positionals;
    const { admin, json } = input.flags;
    if (typeof admin !== 'string') throw usageError('it needs --admin', 'try --admin USER');
    const made = await withAccounts(input, context, async (accounts) =>
      accounts.addOrganisation(name, await accounts.userOf(admin)),
    );
    context.print(json === true ? JSON.stringify(made) : `added @${made.name}`);
  },
};
