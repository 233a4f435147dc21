import type { Command } from './command.js';
import { STORE_FLAGS, withAccounts } from './store-flags.js';
import { usageError } from './usage-error.js';

/** `ebpm-registry organisation member NAME USER` */
export const organisationMember: Command = {
  name: 'organisation member',
  positionals: ['NAME', 'USER'],
  summary: 'make a user an admin or a member of an organisation, or neither',
  flags: {
    ...STORE_FLAGS,
    role: { value: 'ROLE', description: '"admin", "member", or "none", which takes the user out of it (required)' },
    json: { description: 'print the result as JSON' },
  },
  async run(input, context) {
    const [name = '', user = ''] = input.positionals;
    const { role, json } = input.flags;
    if (role !== 'admin' && role !== 'member' && role !== 'none') {
      throw usageError('it needs --role admin, member or none', 'try --role member');
    }
    await withAccounts(input, context, async (accounts) => {
      const { id: organisation } = accounts.organisationOf(name);
      await accounts.setMember({ organisation, user: await accounts.userOf(user), role });
    });
    const text = role === 'none' ? `${user} is not in @${name}` : `${user} is ${role} of @${name}`;
    context.print(json === true ? JSON.stringify({ organisation: name, user, role }) : text);
  },
};
