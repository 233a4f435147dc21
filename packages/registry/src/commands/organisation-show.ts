import type { Command } from './command.js';
import { STORE_FLAGS, withAccounts } from './store-flags.js';

/** `ebpm-registry organisation show NAME` */
export const organisationShow: Command = {
  name: 'organisation show',
  positionals: ['NAME'],
  summary: 'list the members of an organisation',
  flags: { ...STORE_FLAGS, json: { description: 'print the result as JSON' } },
  async run(input, context) {
    const [name = ''] = input.positionals;
    const shown = await withAccounts(input, context, async (accounts) => {
      const organisation = accounts.organisationOf(name);
      return { ...organisation, members: await accounts.membersOf(organisation.id) };
    });
    const lines = shown.members.map((member) => `${member.role.padEnd('member'.length)}  ${member.name}`);
    for (const line of input.flags['json'] === true ? [JSON.stringify(shown)] : lines) context.print(line);
  },
};
