import { printable } from '@ebpm/events';
import type { CliWhoami } from '@ebpm/schemas';
import { formatTable } from '../../format-table.js';
import { readWhoami } from '../../read-whoami.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm profile get`: the account that the token in use belongs to. */
export default class ProfileGet extends RegistryCommand {
  static override summary = 'Say what a registry knows of your account';
  static override examples = ['<%= config.bin %> profile get'];

  async run(): Promise<CliWhoami> {
    const { flags } = await this.parse(ProfileGet);
    const found = await this.ask({ flag: flags.registry, name: undefined }, readWhoami);
    const { user, token, registry } = found;
    const rows = [
      ['name', printable(user.name)],
      ['id', printable(user.id)],
      ['registry', registry],
      ['token', printable(token.id)],
      ['token ends', token.expires ?? 'never'],
    ];
    const { stdout } = this.context;
    if (!this.jsonEnabled()) stdout.write(formatTable(['', ''], rows, stdout.isTTY === true));
    return found;
  }
}
