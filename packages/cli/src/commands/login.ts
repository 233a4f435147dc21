import { parseToken, RegistryClient, readRegistries, rememberRegistry } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliLogin } from '@ebpm/schemas';
import { BaseCommand } from '../base-command.js';
import { chooseRegistryUrl, withHttp } from '../open-registry.js';
import { readToken } from '../read-token.js';
import { registryFlag } from '../registry-flag.js';
import { warnOfPlainHttp } from '../warn-of-plain-http.js';

/** `ebpm login`: keeps the token of a registry. */
export default class Login extends BaseCommand {
  static override summary = 'Keep the token of a registry';
  static override description =
    'Reads the token from stdin, on a terminal after a question. The first registry becomes the one that is used when none is named.';
  static override examples = [
    '<%= config.bin %> login --registry https://hub.example.org',
    '<%= config.bin %> login --registry https://hub.example.org < token.txt',
  ];
  static override flags = { registry: registryFlag };

  async run(): Promise<CliLogin> {
    const { flags } = await this.parse(Login);
    const { env, home, stderr } = this.context;
    const url = await chooseRegistryUrl(this.context, flags.registry);
    warnOfPlainHttp(url, stderr);
    const token = parseToken(await readToken(process.stdin, stderr, `Token for ${url}: `));
    const { user } = await withHttp(env, this.config.version, (http) => new RegistryClient(http, url, token).whoami());
    await rememberRegistry(home, url, token);
    this.log(`Logged in to ${url} as ${printable(user.name)}`);
    return {
      registry: url,
      user: { id: user.id, name: user.name },
      default: (await readRegistries(home)).default === url,
    };
  }
}
