import { parsePackageName, parseTag } from '@ebpm/formats';
import type { CliRegistryChange } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm tag rm NAME TAG`: removes a tag. */
export default class TagRm extends RegistryCommand {
  static override summary = 'Remove a tag';
  static override examples = ['<%= config.bin %> tag rm sigsnoop next'];
  static override args = {
    name: Args.string({ description: 'a package', required: true }),
    tag: Args.string({ description: 'the tag', required: true }),
  };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(TagRm);
    const name = parsePackageName(args.name);
    const tag = parseTag(args.tag);
    const done = { change: 'untagged', name, tag, sentence: `${name} has no tag "${tag}" any more` } as const;
    return this.change({ flag: flags.registry, name }, done, ({ packages }) => packages.removeTag(name, tag));
  }
}
