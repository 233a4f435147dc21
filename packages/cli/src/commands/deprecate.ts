import type { CliRegistryChange } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { parseVersionedName } from '../exact-spec.js';
import { RegistryCommand } from '../registry-command.js';

/** `ebpm deprecate NAME[@VERSION] MESSAGE`: says why nobody should use something any more. */
export default class Deprecate extends RegistryCommand {
  static override summary = 'Say why nobody should use a package or a version any more';
  static override description = 'Nothing else changes: it can be installed as before, and "info" shows the message.';
  static override examples = [
    '<%= config.bin %> deprecate sigsnoop@1.2.0 "use 1.3.0, which counts threads too"',
    '<%= config.bin %> deprecate sigsnoop --undo',
  ];
  static override args = {
    spec: Args.string({ description: 'name, or name@version', required: true }),
    message: Args.string({ description: 'why, and what to use instead' }),
  };
  static override flags = { undo: Flags.boolean({ description: 'take the message back', default: false }) };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(Deprecate);
    const { name, version } = parseVersionedName(args.spec);
    if (flags.undo !== (args.message === undefined)) this.error('Write either a message or --undo', { exit: 2 });
    const change = flags.undo ? 'undeprecated' : 'deprecated';
    const sentence = `${args.spec} is ${flags.undo ? 'not deprecated any more' : 'deprecated'}`;
    const done = { change, name, ...(version !== undefined && { version }), sentence } as const;
    return this.change({ flag: flags.registry, name }, done, ({ packages }) =>
      packages.deprecate(name, args.message ?? '', version),
    );
  }
}
