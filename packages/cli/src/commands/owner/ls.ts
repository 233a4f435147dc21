import { parsePackageName } from '@ebpm/formats';
import type { CliOwners } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { formatTable } from '../../format-table.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm owner ls NAME`: who a package belongs to. */
export default class OwnerLs extends RegistryCommand {
  static override summary = 'List the owners of a package';
  static override examples = ['<%= config.bin %> owner ls sigsnoop'];
  static override args = { name: Args.string({ description: 'a package', required: true }) };

  async run(): Promise<CliOwners> {
    const { args, flags } = await this.parse(OwnerLs);
    const name = parsePackageName(args.name);
    const found = await this.ask({ flag: flags.registry, name }, async (registry) => {
      const { owners } = await registry.packages.owners(name);
      return {
        registry: registry.url,
        name,
        owners: owners.map(({ id, name: owner, kind }) => ({ id, name: owner, kind })),
      };
    });
    const rows = found.owners.map(({ name: owner, kind }) => [owner, kind]);
    const { stdout } = this.context;
    if (!this.jsonEnabled()) stdout.write(formatTable(['OWNER', 'KIND'], rows, stdout.isTTY === true));
    return found;
  }
}
