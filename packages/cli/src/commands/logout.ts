import { forgetRegistry } from '@ebpm/client';
import type { CliLogout } from '@ebpm/schemas';
import { BaseCommand } from '../base-command.js';
import { chooseRegistryUrl } from '../open-registry.js';
import { registryFlag } from '../registry-flag.js';
import { scopeFlag } from '../scope-flag.js';

/** `ebpm logout`: forgets the token of a registry. */
export default class Logout extends BaseCommand {
  static override summary = 'Forget the token of a registry';
  static override description =
    'The token goes on being valid until whoever runs the registry revokes it. A registry that was used when none is named, or for a scope, is not any more.';
  static override examples = [
    '<%= config.bin %> logout',
    '<%= config.bin %> logout --registry https://hub.example.org',
  ];
  static override flags = {
    registry: registryFlag,
    scope: scopeFlag('the registry of this scope'),
  };

  async run(): Promise<CliLogout> {
    const { flags } = await this.parse(Logout);
    const registry = await chooseRegistryUrl(this.context, { flag: flags.registry, name: flags.scope });
    const removed = await forgetRegistry(this.context.home, registry);
    this.log(removed ? `Logged out of ${registry}` : `There was no token for ${registry}`);
    return { registry, removed };
  }
}
