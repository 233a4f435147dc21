import { parsePackageName } from '@ebpm/formats';
import type { CliRegistryChange } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { accountArg } from '../../account-name.js';
import { otpFlag, PACKAGE_CODE } from '../../otp-flag.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm owner add NAME OWNER`. */
export default class OwnerAdd extends RegistryCommand {
  static override summary = 'Give a package one more owner';
  static override description =
    "Owners publish, yank, tag, and choose the owners. An organisation's admins act for it. Where the package is published with one-time codes, this takes one.";
  static override examples = ['<%= config.bin %> owner add sigsnoop bob'];
  static override args = {
    name: Args.string({ description: 'a package', required: true }),
    owner: accountArg('name of a user or an organisation'),
  };
  static override flags = { otp: otpFlag(PACKAGE_CODE) };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(OwnerAdd);
    const name = parsePackageName(args.name);
    const user = args.owner;
    const done = { change: 'owner-added', name, user, sentence: `${user} owns ${name}` } as const;
    return this.change({ flag: flags.registry, name }, done, ({ packages }) =>
      this.withCode(flags.otp, (code) => packages.addOwner(name, user, code)),
    );
  }
}
