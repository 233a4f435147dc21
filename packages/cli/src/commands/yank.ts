import type { CliRegistryChange } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { parseExactSpec } from '../exact-spec.js';
import { RegistryCommand } from '../registry-command.js';

/** `ebpm yank NAME@VERSION`: no range and no tag leads to a version any more. */
export default class Yank extends RegistryCommand {
  static override summary = 'Keep a version from being chosen any more';
  static override description =
    'It stays where it is, for those whose lockfile names it. Its number is never given to other bytes.';
  static override examples = [
    '<%= config.bin %> yank sigsnoop@1.2.0 --reason "loses events on 6.1"',
    '<%= config.bin %> yank sigsnoop@1.2.0 --undo',
  ];
  static override args = { spec: Args.string({ description: 'name@version', required: true }) };
  static override flags = {
    reason: Flags.string({ description: 'why, for those who have it', helpValue: 'TEXT', exclusive: ['undo'] }),
    undo: Flags.boolean({ description: 'let it be chosen again' }),
  };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(Yank);
    const { name, version } = parseExactSpec(args.spec);
    const what = `${name}@${version}`;
    if (flags.undo) {
      const done = { change: 'unyanked', name, version, sentence: `${what} can be chosen again` } as const;
      return this.change({ flag: flags.registry, name }, done, ({ packages }) => packages.unyank(name, version));
    }
    const done = { change: 'yanked', name, version, sentence: `${what} is yanked` } as const;
    return this.change({ flag: flags.registry, name }, done, ({ packages }) =>
      packages.yank(name, version, flags.reason),
    );
  }
}
