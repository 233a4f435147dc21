import { uninstallPackage } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliUninstall } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { parseNamedSpec } from '../named-spec.js';

/** `ebpm uninstall NAME[@VERSION]`: takes installed versions away. */
export default class Uninstall extends BaseCommand {
  static override summary = 'Remove installed packages';
  static override description =
    'A bare name removes all its versions. What another installed package needs stays until that is gone.';
  static override examples = ['<%= config.bin %> uninstall sigsnoop', '<%= config.bin %> uninstall sigsnoop@1.0.0'];
  static override args = {
    spec: Args.string({ description: 'a name, name@version, name@range or name@tag', required: true }),
  };

  async run(): Promise<CliUninstall> {
    const { args } = await this.parse(Uninstall);
    const spec = parseNamedSpec(args.spec);
    const { removed, kept } = await uninstallPackage(spec, this.context.home);
    for (const version of removed) this.log(printable(`${spec.name}@${version} is removed`));
    for (const { version, neededBy } of kept) {
      this.log(printable(`${spec.name}@${version} stays as long as it is needed by ${neededBy.join(', ')}`));
    }
    return {
      name: spec.name,
      removed: [...removed],
      kept: kept.map(({ version, neededBy }) => ({ version, neededBy: [...neededBy] })),
    };
  }
}
