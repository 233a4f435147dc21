import { parsePackageName } from '@ebpm/formats';
import type { CliTags } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { formatTable } from '../../format-table.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm tag ls NAME`: the tags of a package. */
export default class TagLs extends RegistryCommand {
  static override summary = 'List the tags of a package';
  static override examples = ['<%= config.bin %> tag ls sigsnoop'];
  static override args = { name: Args.string({ description: 'a package', required: true }) };

  async run(): Promise<CliTags> {
    const { args, flags } = await this.parse(TagLs);
    const name = parsePackageName(args.name);
    const found = await this.ask({ flag: flags.registry, name }, async (registry) => {
      const { tags } = await registry.package(name);
      return { registry: registry.url, name, tags };
    });
    const { stdout } = this.context;
    if (!this.jsonEnabled())
      stdout.write(formatTable(['TAG', 'VERSION'], Object.entries(found.tags), stdout.isTTY === true));
    return found;
  }
}
