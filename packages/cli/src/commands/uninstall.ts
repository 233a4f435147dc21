import { uninstallPackage } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliUninstall } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { parseNamedSpec } from '../named-spec.js';

/** `ebpm uninstall NAME[@VERSION]`: takes installed versions away. */
export default class Uninstall extends BaseCommand {
  static override summary = 'Remove installed packages';
  static override description = 'A bare name removes all its versions.';
  static override examples = ['<%= config.bin %> uninstall sigsnoop', '<%= config.bin %> uninstall sigsnoop@1.0.0'];
  static override args = {
    spec: Args.string({ description: 'a name, name@version, name@range or name@tag', required: true }),
  };

  async run(): Promise<CliUninstall> {
    const { args } = await this.parse(Uninstall);
    const spec = parseNamedSpec(args.spec);
    const removed = await uninstallPackage(spec, this.context.home);
    for (const version of removed) this.log(printable(`${spec.name}@${version} is removed`));
    return { name: spec.name, removed: [...removed] };
  }
}
