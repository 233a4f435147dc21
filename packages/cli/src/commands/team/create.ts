import type { CliRegistryChange } from '@ebpm/schemas';
import { accountArg } from '../../account-name.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm team create ORG TEAM`. */
export default class TeamCreate extends RegistryCommand {
  static override summary = 'Make a team in an organisation';
  static override examples = ['<%= config.bin %> team create acme core'];
  static override args = {
    organisation: accountArg('name of the organisation'),
    team: accountArg('name of the team'),
  };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(TeamCreate);
    const { organisation, team } = args;
    const done = {
      change: 'team-created',
      organisation,
      team,
      sentence: `${organisation} has the team ${team}`,
    } as const;
    return this.change({ flag: flags.registry, name: `@${organisation}` }, done, ({ organisations }) =>
      organisations.createTeam(organisation, team),
    );
  }
}
