import type { RegistryClient } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import type { ApiNewOtp, CliRegistryChange } from '@ebpm/schemas';
import { readSecret } from '../../read-secrets.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm profile enable-2fa`: sets up one-time codes for the account. */
export default class ProfileEnable2fa extends RegistryCommand {
  static override summary = 'Have logging in, and publishing where a package wants it, ask for a code';
  static override description =
    'Shows, on the terminal alone, the secret for an authenticator app, this once, and before that asks for the password of the account, if it has one. The code that the app then shows ends it. Without a terminal it does nothing.';
  static override examples = ['<%= config.bin %> profile enable-2fa'];

  async run(): Promise<CliRegistryChange> {
    const { flags } = await this.parse(ProfileEnable2fa);
    const { stderr } = this.context;
    if (!process.stdin.isTTY || stderr.isTTY !== true) {
      throw new EbpmError('EBPM_USAGE_INVALID', 'Cannot set up one-time codes: this is no terminal', {
        hint: 'Programs use the API: POST /api/v1/account/otp, then PUT with a code',
      });
    }
    const wish = { flag: flags.registry, name: undefined };
    return this.change(wish, { change: 'otp-enabled', sentence: 'Codes are asked for now' }, async ({ account }) => {
      const { secret, uri } = await this.#begin(account);
      stderr.write(
        `Give this to your authenticator app; it is not shown again:\n\n  ${printable(secret)}\n  ${printable(uri)}\n\n`,
      );
      await account.confirmOtp(await readSecret(process.stdin, stderr, 'Code that it shows: '));
    });
  }

  /** Who has a password shows that he is no thief of a token. */
  async #begin(account: RegistryClient['account']): Promise<ApiNewOtp> {
    try {
      return await account.beginOtp();
    } catch (error) {
      if (!(error instanceof EbpmError) || error.code !== 'EBPM_LOGIN_FAILED') throw error;
      return account.beginOtp(await readSecret(process.stdin, this.context.stderr, 'Password of your account: '));
    }
  }
}
