import { generateKey, keyPath, readKey, replaceKeyFile } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliKey } from '@ebpm/schemas';
import { keyArg, organisationFlag } from '../../key-flags.js';
import { keyOwner } from '../../key-owner.js';
import { RegistryCommand } from '../../registry-command.js';
import { requireKey } from '../../signing-key.js';

/** `ebpm keys rotate [NAME]`: lets a new key take the place of one, which signs that. */
export default class KeysRotate extends RegistryCommand {
  static override summary = 'Let a new key take the place of one';
  static override description =
    'The key signs the new one, which is registered; who has installed what the old one signed trusts the new one without being asked. From then on the old one signs nothing new; what it has signed stays good, unless it is revoked. Its file is kept under its id.';
  static override examples = ['<%= config.bin %> keys rotate', '<%= config.bin %> keys rotate --organisation acme'];
  static override args = { key: keyArg };
  static override flags = { organisation: organisationFlag };

  async run(): Promise<CliKey> {
    const { args, flags } = await this.parse(KeysRotate);
    const { organisation } = flags;
    const { key: older, source } = await requireKey(keyPath(this.context.home, args.key));
    const file = `${source}.next`;
    // One that was registered before this command could end is used again.
    const key = (await readKey(file)) ?? (await generateKey(file));
    const { registry, owner } = await this.ask({ flag: flags.registry, name: undefined }, async (client) => {
      const id = await keyOwner(client, organisation);
      const made = await client.account.addKey(key.privateKey, id, { organisation, replaces: older.privateKey });
      return { registry: client.url, owner: made.owner };
    });
    await replaceKeyFile(source, file, older);
    this.log(printable(`${key.id} takes the place of ${older.id} at ${registry}`));
    return { id: key.id, publicKey: key.publicKey, file: source, registry, owner: owner.name, replaces: older.id };
  }
}
