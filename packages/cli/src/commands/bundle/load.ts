import { loadBundle } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliBundle } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.js';
import { bundleJson } from '../../bundle-json.js';

/** `ebpm bundle load FILE`: brings the packages of a bundle into the store, from where they can be installed. */
export default class BundleLoad extends BaseCommand {
  static override summary = 'Bring the packages of a bundle into the store';
  static override description =
    'Installs nothing: "install --offline", "ci --offline" and "run --offline" take it from there. A bundle is as trustworthy as whoever made it.';
  static override examples = [
    '<%= config.bin %> bundle load tools.ebpm && <%= config.bin %> install --offline sigsnoop',
  ];
  static override args = { file: Args.string({ description: 'what "bundle save" wrote', required: true }) };

  async run(): Promise<CliBundle> {
    const { args } = await this.parse(BundleLoad);
    const versions = await loadBundle(args.file, this.context.home);
    for (const { name, version } of versions) this.log(printable(`${name}@${version.version}`));
    this.log(`Ready to be installed with --offline: ${versions.length}`);
    return bundleJson(args.file, versions);
  }
}
