import type { CliRegistryChange } from '@ebpm/schemas';
import { accountArg } from '../../account-name.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm org create NAME`. */
export default class OrgCreate extends RegistryCommand {
  static override summary = 'Make an organisation, whose first admin you are';
  static override description = 'Its packages are called @NAME/...; teams in it share them.';
  static override examples = ['<%= config.bin %> org create acme'];
  static override args = { organisation: accountArg('its name') };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(OrgCreate);
    const { organisation } = args;
    const done = { change: 'organisation-created', organisation, sentence: `${organisation} is made` } as const;
    return this.change({ flag: flags.registry, name: `@${organisation}` }, done, ({ organisations }) =>
      organisations.create(organisation),
    );
  }
}
