import { parseTag } from '@ebpm/formats';
import type { CliRegistryChange } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { parseExactSpec } from '../../exact-spec.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm tag add NAME@VERSION TAG`: lets a tag name a version. */
export default class TagAdd extends RegistryCommand {
  static override summary = 'Let a tag name a version';
  static override description = '"latest" only moves to a higher stable version.';
  static override examples = ['<%= config.bin %> tag add sigsnoop@2.0.0-rc.1 next'];
  static override args = {
    spec: Args.string({ description: 'name@version', required: true }),
    tag: Args.string({ description: 'the tag', required: true }),
  };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(TagAdd);
    const { name, version } = parseExactSpec(args.spec);
    const tag = parseTag(args.tag);
    const done = { change: 'tagged', name, version, tag, sentence: `${name}@${tag} is ${version} now` } as const;
    return this.change({ flag: flags.registry, name }, done, ({ packages }) => packages.setTag(name, tag, version));
  }
}
