import type { CliRegistryChange } from '@ebpm/schemas';
import { Flags } from '@oclif/core';
import { accountArg } from '../../account-name.js';
import { ORGANISATION_CODE, otpFlag } from '../../otp-flag.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm org member ORG USER`: lets somebody in, or out with `--remove`. */
export default class OrgMember extends RegistryCommand {
  static override summary = 'Make somebody a member or an admin of an organisation';
  static override description =
    'Admins change members, teams and packages. Who is removed leaves all teams too. Where a package of the organisation is published with one-time codes, this takes one.';
  static override examples = [
    '<%= config.bin %> org member acme bob',
    '<%= config.bin %> org member acme bob --admin',
    '<%= config.bin %> org member acme bob --remove',
  ];
  static override args = {
    organisation: accountArg('name of the organisation'),
    user: accountArg('name of the user'),
  };
  static override flags = {
    admin: Flags.boolean({ description: 'as an admin', exclusive: ['remove'] }),
    remove: Flags.boolean({ description: 'not a member any more' }),
    otp: otpFlag(ORGANISATION_CODE),
  };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(OrgMember);
    const { organisation, user } = args;
    if (flags.remove) {
      const done = {
        change: 'member-removed',
        organisation,
        user,
        sentence: `${user} is not in ${organisation} any more`,
      } as const;
      return this.change({ flag: flags.registry, name: `@${organisation}` }, done, ({ organisations }) =>
        this.withCode(flags.otp, (code) => organisations.removeMember(organisation, user, code)),
      );
    }
    const role = flags.admin ? 'admin' : 'member';
    const done = {
      change: 'member-added',
      organisation,
      user,
      sentence: `${user} is ${role} of ${organisation}`,
    } as const;
    return this.change({ flag: flags.registry, name: `@${organisation}` }, done, ({ organisations }) =>
      this.withCode(flags.otp, (code) => organisations.setMember(organisation, user, { role, ...code })),
    );
  }
}
