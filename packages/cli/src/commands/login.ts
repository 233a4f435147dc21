import { parseToken, RegistryClient, readRegistries, rememberRegistry } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliLogin } from '@ebpm/schemas';
import { Flags } from '@oclif/core';
import { parseAccountName } from '../account-name.js';
import { BaseCommand } from '../base-command.js';
import { chooseRegistryUrl } from '../open-registry.js';
import { otpFlag } from '../otp-flag.js';
import { readSecret } from '../read-secrets.js';
import { registryFlag } from '../registry-flag.js';
import { scopeFlag } from '../scope-flag.js';
import { warnOfPlainHttp } from '../warn-of-plain-http.js';
import { withHttp } from '../with-http.js';
import { withOneTimeCode } from '../with-one-time-code.js';

/** `ebpm login`: keeps the token of a registry. */
export default class Login extends BaseCommand {
  static override summary = 'Keep the token of a registry';
  static override description =
    'Reads the token from stdin, on a terminal after a question. With --user it reads the password instead, and has the registry make a token. ' +
    'The first registry becomes the one that is used when none is named; with --scope it is the one of that scope alone.';
  static override examples = [
    '<%= config.bin %> login --registry https://hub.example.org',
    '<%= config.bin %> login --registry https://hub.example.org < token.txt',
    '<%= config.bin %> login --registry https://ebpm.acme.example --scope @acme',
    '<%= config.bin %> login --user jane',
  ];
  static override flags = {
    registry: registryFlag,
    scope: scopeFlag('keep it as the registry of every package in this scope'),
    user: Flags.string({
      description: 'log in with the password of this user',
      helpValue: 'NAME',
      parse: async (text) => parseAccountName(text),
    }),
    otp: otpFlag('where the account has one', { dependsOn: ['user'] }),
  };

  async run(): Promise<CliLogin> {
    const { flags } = await this.parse(Login);
    const { env, home, stderr } = this.context;
    const url = await chooseRegistryUrl(this.context, { flag: flags.registry, name: flags.scope });
    warnOfPlainHttp(url, stderr);
    const token = await this.#token(url, flags);
    const { user } = await withHttp(env, this.config.version, (http) => new RegistryClient(http, url, token).whoami());
    await rememberRegistry(home, url, token, flags.scope);
    const scope = flags.scope === undefined ? '' : ` for ${flags.scope}`;
    this.log(`Logged in to ${url}${scope} as ${printable(user.name)}`);
    return {
      registry: url,
      user: { id: user.id, name: user.name },
      default: (await readRegistries(home)).default === url,
      ...(flags.scope !== undefined && { scope: flags.scope }),
    };
  }

  /** The token that is typed, or one that the registry makes for a password. */
  async #token(url: string, { user, otp }: PasswordFlags): Promise<string> {
    const { env, stderr } = this.context;
    const { stdin } = process;
    if (user === undefined) return parseToken(await readSecret(stdin, stderr, `Token for ${url}: `));
    const password = await readSecret(stdin, stderr, `Password of ${user} at ${url}: `);
    const { token } = await withOneTimeCode({ code: otp, stdin, stderr }, (code) =>
      withHttp(env, this.config.version, (http) =>
        new RegistryClient(http, url, undefined).account.login({
          user,
          password,
          ...(code !== undefined && { otp: code }),
        }),
      ),
    );
    return token;
  }
}

interface PasswordFlags {
  readonly user: string | undefined;
  readonly otp: string | undefined;
}
