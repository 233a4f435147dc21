import { parsePackageName } from '@ebpm/formats';
import type { CliRegistryChange } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { ACCESS_SETTINGS } from '../../access-settings.js';
import { otpFlag, PACKAGE_CODE } from '../../otp-flag.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm access set SETTING NAME`. */
export default class AccessSet extends RegistryCommand {
  static override summary = 'Choose how a package may be published, and who may read it';
  static override description =
    'mfa=publish: people need a one-time code ("ebpm profile enable-2fa" sets them up), trusted CI jobs do not. publishers=trusted: nobody but those jobs publishes. status=private needs a name in a scope. One of these is changed, the others stay. While codes are wanted, each change takes one.';
  static override examples = [
    '<%= config.bin %> access set mfa=publish sigsnoop',
    '<%= config.bin %> access set mfa=none sigsnoop',
    '<%= config.bin %> access set status=private @acme/tool',
  ];
  static override args = {
    setting: Args.string({ description: 'what is to be so', options: Object.keys(ACCESS_SETTINGS), required: true }),
    name: Args.string({ description: 'a package', required: true }),
  };
  static override flags = { otp: otpFlag(PACKAGE_CODE) };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(AccessSet);
    const name = parsePackageName(args.name);
    const { change, words, apply } = ACCESS_SETTINGS[args.setting as keyof typeof ACCESS_SETTINGS];
    const done = { change, name, sentence: `${name} ${words}` };
    return this.change({ flag: flags.registry, name }, done, ({ packages }) =>
      this.withCode(flags.otp, (code) => apply(packages, name, code)),
    );
  }
}
