import { keyPath } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliKey } from '@ebpm/schemas';
import { keyArg, organisationFlag } from '../../key-flags.js';
import { keyOwner } from '../../key-owner.js';
import { RegistryCommand } from '../../registry-command.js';
import { requireKey } from '../../signing-key.js';

/** `ebpm keys add [NAME]`: registers a key, so that packages can be signed with it. */
export default class KeysAdd extends RegistryCommand {
  static override summary = 'Register the public half of a key in the log of a registry';
  static override description = 'A key belongs to one account, or to one organisation, for ever.';
  static override examples = ['<%= config.bin %> keys add', '<%= config.bin %> keys add --organisation acme'];
  static override args = { key: keyArg };
  static override flags = { organisation: organisationFlag };

  async run(): Promise<CliKey> {
    const { args, flags } = await this.parse(KeysAdd);
    const { organisation } = flags;
    const { key, source } = await requireKey(keyPath(this.context.home, args.key));
    const { registry, owner } = await this.ask({ flag: flags.registry, name: undefined }, async (client) => {
      const id = await keyOwner(client, organisation);
      return { registry: client.url, owner: (await client.account.addKey(key.privateKey, id, { organisation })).owner };
    });
    this.log(printable(`${key.id} is a key of ${owner.name} at ${registry}`));
    return { id: key.id, publicKey: key.publicKey, file: source, registry, owner: owner.name };
  }
}
