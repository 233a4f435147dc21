import { forgetRegistry, readRegistries } from '@ebpm/client';
import { EbpmError } from '@ebpm/formats';
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
    const registry = await this.#registry(flags);
    const removed = await forgetRegistry(this.context.home, registry);
    this.log(removed ? `Logged out of ${registry}` : `There was no token for ${registry}`);
    return { registry, removed };
  }

  /** Whoever names a scope does not mean the registry that is used for all others. */
  async #registry({ registry, scope }: Readonly<Record<'registry' | 'scope', string | undefined>>): Promise<string> {
    if (registry !== undefined || scope === undefined) {
      return chooseRegistryUrl(this.context, { flag: registry, name: scope });
    }
    const { scopes = {} } = await readRegistries(this.context.home);
    const url = Object.hasOwn(scopes, scope) ? scopes[scope] : undefined;
    if (url !== undefined) return url;
    throw new EbpmError(
      'EBPM_REGISTRY_UNSET',
      `Cannot log out of the registry of "${scope}": this scope has none of its own`,
      {
        hint: 'Nothing was forgotten. "ebpm config list" shows what is set; to log out of the registry that is used else, type: ebpm logout',
      },
    );
  }
}
