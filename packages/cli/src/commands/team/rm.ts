import type { CliRegistryChange } from '@ebpm/schemas';
import { accountArg } from '../../account-name.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm team rm ORG TEAM`. */
export default class TeamRm extends RegistryCommand {
  static override summary = 'Remove a team, and what it was allowed';
  static override examples = ['<%= config.bin %> team rm acme core'];
  static override args = {
    organisation: accountArg('name of the organisation'),
    team: accountArg('name of the team'),
  };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(TeamRm);
    const { organisation, team } = args;
    const sentence = `${organisation} has no team ${team} any more`;
    const done = { change: 'team-removed', organisation, team, sentence } as const;
    return this.change({ flag: flags.registry, name: `@${organisation}` }, done, ({ organisations }) =>
      organisations.removeTeam(organisation, team),
    );
  }
}
