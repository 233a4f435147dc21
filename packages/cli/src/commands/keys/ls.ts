import type { CliKeys } from '@ebpm/schemas';
import { formatTable } from '../../format-table.js';
import { organisationFlag } from '../../key-flags.js';
import { RegistryCommand } from '../../registry-command.js';

type Key = CliKeys['keys'][number];

/** `ebpm keys ls`: the keys of one's account, or of an organisation. */
export default class KeysLs extends RegistryCommand {
  static override summary = 'List the keys of your account, or of an organisation';
  static override examples = ['<%= config.bin %> keys ls', '<%= config.bin %> keys ls --organisation acme'];
  static override flags = { organisation: organisationFlag };

  async run(): Promise<CliKeys> {
    const { flags } = await this.parse(KeysLs);
    const found = await this.ask({ flag: flags.registry, name: undefined }, async (registry) => {
      const { keys } = await registry.account.keys(flags.organisation);
      const replaced = new Map(keys.flatMap(({ id, replaces }) => (replaces === undefined ? [] : [[replaces, id]])));
      const rows = keys.map(({ id, publicKey, registeredAt, revokedAt }) => {
        const replacedBy = replaced.get(id);
        return {
          id,
          publicKey,
          registeredAt,
          ...(revokedAt !== undefined && { revokedAt }),
          ...(replacedBy !== undefined && { replacedBy }),
        };
      });
      return { registry: registry.url, keys: rows };
    });
    const { stdout } = this.context;
    if (!this.jsonEnabled()) stdout.write(formatTable(HEADER, found.keys.map(row), stdout.isTTY === true));
    return found;
  }
}

const HEADER = ['ID', 'REGISTERED', 'STATE'];

function row({ id, registeredAt, revokedAt, replacedBy }: Key): readonly string[] {
  const state = revokedAt !== undefined ? `revoked ${day(revokedAt)}` : replacedBy && `replaced by ${replacedBy}`;
  return [id, day(registeredAt), state ?? 'signs'];
}

function day(time: string): string {
  return time.slice(0, 'YYYY-MM-DD'.length);
}
