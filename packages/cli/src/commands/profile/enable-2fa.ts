import type { RegistryClient } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import type { ApiNewOtp, CliRegistryChange } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { formatTable } from '../../format-table.js';
import { parseOneTimeCode } from '../../one-time-code.js';
import { readSecret } from '../../read-secrets.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm profile enable-2fa [CODE]`: sets up one-time codes for the account. */
export default class ProfileEnable2fa extends RegistryCommand {
  static override summary = 'Have logging in, and publishing where a package wants it, ask for a code';
  static override description =
    'Shows, on the terminal alone, the secret for an authenticator app, this once, and before that asks for the password of the account, if it has one. The code that the app then shows ends it. Without a terminal there are two steps: --begin writes the secret to stdout, and reads the password, where there is one, from stdin; then the code that the secret gives is an argument.';
  static override examples = [
    '<%= config.bin %> profile enable-2fa',
    '<%= config.bin %> profile enable-2fa --begin --json < password.txt',
    '<%= config.bin %> profile enable-2fa 123456',
  ];
  static override args = {
    code: Args.string({
      description: 'what the secret of --begin gives now, which ends it',
      parse: async (text) => parseOneTimeCode(text),
    }),
  };
  static override flags = {
    begin: Flags.boolean({ description: 'write a new secret to stdout, and wait for a second command with its code' }),
  };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(ProfileEnable2fa);
    const wish = { flag: flags.registry, name: undefined };
    if (flags.begin && args.code !== undefined) throw bothSteps();
    if (flags.begin) return this.ask(wish, (registry) => this.#onlyBegin(registry));
    const { code } = args;
    const { stderr } = this.context;
    if (code === undefined && (!process.stdin.isTTY || stderr.isTTY !== true)) throw noTerminal();
    return this.change(wish, { change: 'otp-enabled', sentence: 'Codes are asked for now' }, async ({ account }) =>
      account.confirmOtp(code ?? (await this.#codeOfNew(account))),
    );
  }

  /** Codes are not asked for before one was shown, so that a script that ends here locks nobody out. */
  async #onlyBegin({ account, url }: RegistryClient): Promise<CliRegistryChange> {
    const { stdout, stderr } = this.context;
    const { secret, uri } = await this.#begin(account);
    if (!this.jsonEnabled()) {
      const rows = [
        ['secret', printable(secret)],
        ['uri', printable(uri)],
      ];
      stdout.write(formatTable(['', ''], rows, stdout.isTTY === true));
      stderr.write('Codes are asked for once one of them is shown: ebpm profile enable-2fa CODE\n');
    }
    return { registry: url, change: 'otp-begun', secret, uri };
  }

  /** What somebody types who has given a new secret to his app. */
  async #codeOfNew(account: RegistryClient['account']): Promise<string> {
    const { stderr } = this.context;
    const { secret, uri } = await this.#begin(account);
    stderr.write(
      `Give this to your authenticator app; it is not shown again:\n\n  ${printable(secret)}\n  ${printable(uri)}\n\n`,
    );
    return readSecret(process.stdin, stderr, 'Code that it shows: ');
  }

  /** Who has a password shows that he is no thief of a token. */
  async #begin(account: RegistryClient['account']): Promise<ApiNewOtp> {
    try {
      return await account.beginOtp();
    } catch (error) {
      if (!(error instanceof EbpmError) || error.code !== 'EBPM_LOGIN_FAILED') throw error;
      const password = await readSecret(process.stdin, this.context.stderr, 'Password of your account: ');
      if (password === '') throw passwordLeftOut(error);
      return account.beginOtp(password);
    }
  }
}

function bothSteps(): EbpmError {
  return new EbpmError('EBPM_USAGE_INVALID', 'Cannot set up one-time codes: a new secret has no code yet', {
    hint: 'Leave out CODE, or --begin',
  });
}

function noTerminal(): EbpmError {
  return new EbpmError('EBPM_USAGE_INVALID', 'Cannot set up one-time codes: this is no terminal', {
    hint: [
      'Type: ebpm profile enable-2fa --begin < password.txt',
      'That writes a secret to stdout; with the code that it gives, type: ebpm profile enable-2fa CODE',
    ].join('\n'),
  });
}

function passwordLeftOut(cause: EbpmError): EbpmError {
  const message = 'Cannot set up one-time codes: the account has a password, which was left out';
  return new EbpmError('EBPM_LOGIN_FAILED', message, {
    hint: 'From a pipe it is the one line: ebpm profile enable-2fa --begin < password.txt',
    cause,
  });
}
