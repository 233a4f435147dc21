import type { CliRegistryChange } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { parseOneTimeCode } from '../../one-time-code.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm profile disable-2fa CODE`: ends one-time codes. */
export default class ProfileDisable2fa extends RegistryCommand {
  static override summary = 'Ask for no codes any more';
  static override examples = ['<%= config.bin %> profile disable-2fa 123456'];
  static override args = {
    code: Args.string({
      description: 'what your authenticator app shows now',
      required: true,
      parse: async (text) => parseOneTimeCode(text),
    }),
  };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(ProfileDisable2fa);
    const wish = { flag: flags.registry, name: undefined };
    return this.change(wish, { change: 'otp-disabled', sentence: 'Codes are asked for no more' }, ({ account }) =>
      account.removeOtp(args.code),
    );
  }
}
