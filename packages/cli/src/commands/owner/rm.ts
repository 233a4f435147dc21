import { parsePackageName } from '@ebpm/formats';
import type { CliRegistryChange } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { accountArg } from '../../account-name.js';
import { otpFlag, PACKAGE_CODE } from '../../otp-flag.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm owner rm NAME OWNER`. */
export default class OwnerRm extends RegistryCommand {
  static override summary = 'Take a package away from an owner';
  static override description =
    'The last owner cannot be removed. Where the package is published with one-time codes, this takes one.';
  static override examples = ['<%= config.bin %> owner rm sigsnoop bob'];
  static override args = {
    name: Args.string({ description: 'a package', required: true }),
    owner: accountArg('name of a user or an organisation'),
  };
  static override flags = { otp: otpFlag(PACKAGE_CODE) };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(OwnerRm);
    const name = parsePackageName(args.name);
    const user = args.owner;
    const done = { change: 'owner-removed', name, user, sentence: `${user} does not own ${name} any more` } as const;
    return this.change({ flag: flags.registry, name }, done, ({ packages }) =>
      this.withCode(flags.otp, (code) => packages.removeOwner(name, user, code)),
    );
  }
}
