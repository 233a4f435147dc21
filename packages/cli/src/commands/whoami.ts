import { printable } from '@ebpm/events';
import type { CliWhoami } from '@ebpm/schemas';
import { readWhoami } from '../read-whoami.js';
import { RegistryCommand } from '../registry-command.js';

/** `ebpm whoami`: says whose token is in use. */
export default class Whoami extends RegistryCommand {
  static override summary = 'Say who you are at a registry';
  static override examples = ['<%= config.bin %> whoami'];

  async run(): Promise<CliWhoami> {
    const { flags } = await this.parse(Whoami);
    const found = await this.ask({ flag: flags.registry, name: undefined }, readWhoami);
    this.log(printable(found.user.name));
    return found;
  }
}
