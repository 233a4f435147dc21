import { machine } from 'node:os';
import { type InstallResult, installPackage, type NamedSpec } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { FACTS_VERSION } from '@ebpm/object';
import type { CliInstall } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { DownloadProgress } from '../download-progress.js';
import { parseNamedSpec } from '../named-spec.js';
import { withRegistry } from '../open-registry.js';
import { registryFlag } from '../registry-flag.js';

/** `ebpm install SPEC...`: downloads packages into the local store. */
export default class Install extends BaseCommand {
  static override summary = 'Install packages from a registry';
  static override description =
    'A version that is installed is not downloaded again. The bare name then stands for the version that was installed last.';
  static override examples = [
    '<%= config.bin %> install sigsnoop',
    '<%= config.bin %> install sigsnoop@^1.2 @acme/x@next',
  ];
  static override strict = false;
  static override args = {
    spec: Args.string({
      description: 'a name, name@version, name@range or name@tag; several if wanted',
      required: true,
    }),
  };
  static override flags = {
    registry: registryFlag,
    'keep-current': Flags.boolean({
      description: 'leave it to the bare name which version it stands for, when it stands for one',
    }),
  };

  async run(): Promise<CliInstall> {
    const { flags, argv } = await this.parse(Install);
    const specs = argv.map((text) => parseNamedSpec(String(text)));
    const packages: CliInstall['packages'] = [];
    for (const spec of specs) {
      const result = await this.#install(spec, flags);
      this.log(sentence(result));
      const { name, version, digest, registry } = result.installed;
      packages.push({ name, version, digest, registry, already: result.already, current: result.current });
    }
    return { packages };
  }

  async #install(spec: NamedSpec, flags: InstallFlags): Promise<InstallResult> {
    const { context } = this;
    const ebpmVersion = this.config.version;
    const progress = new DownloadProgress(context.stderr, Date.now);
    try {
      return await installPackage(spec, {
        home: context.home,
        withRegistry: (use) => withRegistry(context, { flag: flags.registry, ebpmVersion }, use),
        machine: { arch: machine() },
        ebpmVersion,
        keepCurrent: flags['keep-current'],
        now: () => new Date(),
        onProgress: ({ sizeBytes }, receivedBytes) => progress.update(spec.name, receivedBytes, sizeBytes),
        onOtherFacts: ({ version, factsVersion }) => {
          progress.close();
          context.stderr.write(otherFacts(`${spec.name}@${version}`, factsVersion));
        },
      });
    } finally {
      progress.close();
    }
  }
}

interface InstallFlags {
  readonly registry: string | undefined;
  readonly 'keep-current': boolean;
}

/** What this program shows of permissions it reads in the programs itself; that the registry says the same was not seen. */
function otherFacts(what: string, factsVersion: number): string {
  const reason = `the registry has facts of version ${factsVersion}, and this ebpm makes those of version ${FACTS_VERSION}`;
  return `${printable(`warning: ${what}: ${reason}: not compared, ebpm goes by its own`)}\n`;
}

function sentence({ installed: { name, version }, already, current }: InstallResult): string {
  const done = already ? 'was installed already' : 'is installed';
  return printable(`${name}@${version} ${done}${current ? '' : `; "${name}" stands for another version`}`);
}
