import { collectVersions, lockfilesOf, requireLockfile, saveBundle } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliBundle } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.js';
import { bundleJson } from '../../bundle-json.js';
import { counted } from '../../counted.js';
import { DownloadProgress } from '../../download-progress.js';
import { parseNamedSpec } from '../../named-spec.js';
import { contextWith, offlineFlag } from '../../offline-flag.js';
import { withPackages } from '../../open-packages.js';
import { registryFlag } from '../../registry-flag.js';

/** `ebpm bundle save [SPEC...]`: writes packages into one file, for machines without a network. */
export default class BundleSave extends BaseCommand {
  static override summary = 'Write packages into one file, for machines without a network';
  static override description =
    'With all that they depend on, and what their registries say of them. Without a name: what the ebpm.lock in this folder names. "bundle load" on the other machine brings it into the store there.';
  static override examples = [
    '<%= config.bin %> bundle save sigsnoop @acme/x@^1 --out tools.ebpm',
    '<%= config.bin %> bundle save --out project.ebpm',
  ];
  static override strict = false;
  static override args = {
    spec: Args.string({ description: 'a name, name@version, name@range or name@tag; several if wanted' }),
  };
  static override flags = {
    registry: registryFlag,
    offline: offlineFlag,
    out: Flags.string({ char: 'o', helpValue: 'FILE', default: 'bundle.ebpm', description: 'the file to write' }),
  };

  async run(): Promise<CliBundle> {
    const { flags, argv } = await this.parse(BundleSave);
    const specs = argv.map((text) => parseNamedSpec(String(text)));
    const context = contextWith(this.context, flags);
    const ebpmVersion = this.config.version;
    const { home, stderr } = context;
    const progress = new DownloadProgress(stderr, Date.now);
    try {
      const versions = await withPackages(context, { flag: flags.registry, ebpmVersion }, async (access) => {
        const options = { ...access, home, ebpmVersion, onProgress: progress.update.bind(progress) };
        const lockfiles =
          specs.length > 0
            ? await lockfilesOf(specs, options)
            : [await requireLockfile(process.cwd(), 'tell what belongs into the bundle')];
        return collectVersions(lockfiles, options);
      });
      const sizeBytes = await saveBundle({ home, path: flags.out, versions });
      progress.close();
      for (const { name, version } of versions) this.log(printable(`${name}@${version.version}`));
      this.log(printable(`In ${flags.out}: ${counted(versions.length, 'version')}, ${sizeBytes} bytes`));
      return bundleJson(flags.out, versions);
    } finally {
      progress.close();
    }
  }
}
