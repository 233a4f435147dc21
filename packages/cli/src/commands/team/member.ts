import type { CliRegistryChange } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { organisationName } from '../../organisation-name.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm team member ORG TEAM USER`: puts somebody into a team, or out with `--remove`. */
export default class TeamMember extends RegistryCommand {
  static override summary = 'Put a member of an organisation into a team';
  static override examples = [
    '<%= config.bin %> team member acme core bob',
    '<%= config.bin %> team member acme core bob --remove',
  ];
  static override args = {
    organisation: Args.string({ description: 'name of the organisation', required: true }),
    team: Args.string({ description: 'name of the team', required: true }),
    user: Args.string({ description: 'name of the user', required: true }),
  };
  static override flags = { remove: Flags.boolean({ description: 'not in the team any more' }) };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(TeamMember);
    const { team, user } = args;
    const organisation = organisationName(args.organisation);
    const member = { organisation, team, user };
    if (flags.remove) {
      const done = {
        change: 'team-member-removed',
        ...member,
        sentence: `${user} is not in ${team} any more`,
      } as const;
      return this.change({ flag: flags.registry, name: `@${organisation}` }, done, ({ organisations }) =>
        organisations.removeTeamMember(member),
      );
    }
    const done = { change: 'team-member-added', ...member, sentence: `${user} is in ${team}` } as const;
    return this.change({ flag: flags.registry, name: `@${organisation}` }, done, ({ organisations }) =>
      organisations.addTeamMember(member),
    );
  }
}
