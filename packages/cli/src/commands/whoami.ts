import { printable } from '@ebpm/events';
import type { CliWhoami } from '@ebpm/schemas';
import { BaseCommand } from '../base-command.js';
import { withRegistry } from '../open-registry.js';
import { registryFlag } from '../registry-flag.js';

/** `ebpm whoami`: says whose token is in use. */
export default class Whoami extends BaseCommand {
  static override summary = 'Say who you are at a registry';
  static override examples = ['<%= config.bin %> whoami'];
  static override flags = { registry: registryFlag };

  async run(): Promise<CliWhoami> {
    const { flags } = await this.parse(Whoami);
    const options = { flag: flags.registry, ebpmVersion: this.config.version };
    return withRegistry(this.context, options, async (registry) => {
      const { user, token } = await registry.whoami();
      this.log(printable(user.name));
      const { id, expires } = token;
      return {
        registry: registry.url,
        user: { id: user.id, name: user.name },
        token: { id, ...(expires === undefined ? {} : { expires }) },
      };
    });
  }
}
