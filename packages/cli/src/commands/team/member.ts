import type { CliRegistryChange } from '@ebpm/schemas';
import { Flags } from '@oclif/core';
import { accountArg } from '../../account-name.js';
import { ORGANISATION_CODE, otpFlag } from '../../otp-flag.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm team member ORG TEAM USER`: puts somebody into a team, or out with `--remove`. */
export default class TeamMember extends RegistryCommand {
  static override summary = 'Put a member of an organisation into a team';
  static override examples = [
    '<%= config.bin %> team member acme core bob',
    '<%= config.bin %> team member acme core bob --remove',
  ];
  static override args = {
    organisation: accountArg('name of the organisation'),
    team: accountArg('name of the team'),
    user: accountArg('name of the user'),
  };
  static override flags = {
    remove: Flags.boolean({ description: 'not in the team any more' }),
    otp: otpFlag(ORGANISATION_CODE, { exclusive: ['remove'] }),
  };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(TeamMember);
    const { team, user } = args;
    const { organisation } = args;
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
      this.withCode(flags.otp, (code) => organisations.addTeamMember(member, code)),
    );
  }
}
