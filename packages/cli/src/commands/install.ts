import { Installed, type InstalledVersion, type InstallResult, keptNeeds, type NamedSpec } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import type { CliInstall } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { acceptKeyFlag } from '../accept-key-flag.js';
import { BaseCommand } from '../base-command.js';
import { parseAllow } from '../consent/allow.js';
import { allowFlag } from '../consent/allow-flag.js';
import { approveForUser } from '../consent/approve-installed.js';
import { isForProject } from '../for-project.js';
import { installForUser } from '../install-for-user.js';
import { parseKernelVersion } from '../kernel-version.js';
import { parseNamedSpec } from '../named-spec.js';
import { contextWith, offlineFlag } from '../offline-flag.js';
import { installedPackages, installProject, projectSentences } from '../project-install.js';
import { registryFlag } from '../registry-flag.js';

/** `ebpm install [SPEC...]`: downloads packages into the local store: those named, else those that the project here depends on. */
export default class Install extends BaseCommand {
  static override summary = 'Install packages from a registry';
  static override description =
    'A version that is installed is not downloaded again. In a folder with an ebpm.json, that project depends on the packages from then on; ' +
    'elsewhere, or with --global, they are tools of the user, and a bare name then stands for the version that was installed last. ' +
    'Without a name: what the ebpm.json in this folder depends on, by its ebpm.lock where that fits, which is written otherwise.';
  static override examples = [
    '<%= config.bin %> install sigsnoop',
    '<%= config.bin %> install sigsnoop@^1.2 @acme/x@next',
    '<%= config.bin %> install --global sigsnoop',
  ];
  static override strict = false;
  static override args = {
    spec: Args.string({
      description:
        'a name, name@version, name@range or name@tag; several if wanted; none: what the project here depends on',
    }),
  };
  static override flags = {
    registry: registryFlag,
    offline: offlineFlag,
    allow: allowFlag('agree to classes that these packages ask for; in a project, ebpm.lock keeps it'),
    'keep-current': Flags.boolean({
      description: 'leave it to the bare name which version it stands for, when it stands for one',
    }),
    'accept-key': acceptKeyFlag,
    save: Flags.boolean({
      description:
        'let the ebpm.json here depend on these packages, and ebpm.lock have them; the default where there is one, unless --no-save',
      allowNo: true,
    }),
    global: Flags.boolean({
      char: 'g',
      description: 'install them for the user, as outside of a project, and leave the project here as it is',
      exclusive: ['save'],
    }),
    'for-kernel': Flags.string({
      description: 'in a project: choose versions whose authors claim this kernel, such as 6.1',
      helpValue: 'VERSION',
      parse: parseKernelVersion,
    }),
  };

  async run(): Promise<CliInstall> {
    const { flags, argv } = await this.parse(Install);
    const specs = argv.map((text) => parseNamedSpec(String(text)));
    if (specs.length === 0 && flags.global) throw nothingGlobal();
    if (specs.length === 0 || isForProject(flags)) return this.#installProject(flags, specs);
    if (flags['for-kernel'] !== undefined)
      this.error('--for-kernel is for a project: name no packages with it, or go into its folder', { exit: 2 });
    const allow = (flags.allow ?? []).flatMap(parseAllow);
    const packages: CliInstall['packages'] = [];
    for (const spec of specs) {
      const result = await this.#install(spec, flags);
      const needed = await neededVersions(this.context.home, result.installed);
      this.log(sentence(result, needed));
      const versions = [...needed, result.installed];
      for (const line of await approveForUser(this.context, versions, allow)) this.log(line);
      const { name, version, digest, registry } = result.installed;
      const needs = needed.map((one) => `${one.name}@${one.version}`);
      packages.push({ name, version, digest, registry, already: result.already, current: result.current, needs });
    }
    return { packages };
  }

  async #installProject(flags: InstallFlags, add: readonly NamedSpec[]): Promise<CliInstall> {
    const done = await installProject(contextWith(this.context, flags), {
      folder: process.cwd(),
      flag: flags.registry,
      ebpmVersion: this.config.version,
      add,
      kernel: flags['for-kernel'],
      acceptKey: flags['accept-key'],
      allow: (flags.allow ?? []).flatMap(parseAllow),
    });
    for (const line of projectSentences(done)) this.log(line);
    return { packages: await installedPackages(this.context.home, done) };
  }

  #install(spec: NamedSpec, flags: InstallFlags): Promise<InstallResult> {
    return installForUser(contextWith(this.context, flags), spec, {
      ebpmVersion: this.config.version,
      flag: flags.registry,
      acceptKey: flags['accept-key'],
      keepCurrent: flags['keep-current'],
    });
  }
}

/** What was installed with a version, since it depends on it. */
async function neededVersions(home: string, installed: InstalledVersion): Promise<readonly InstalledVersion[]> {
  const here = new Installed(home);
  const chosen = Object.entries(keptNeeds(installed)?.packages ?? {});
  const found = await Promise.all(chosen.map(([name, { version }]) => here.version(name, version)));
  return found.filter((version) => version !== undefined);
}

interface InstallFlags {
  readonly offline: boolean;
  readonly allow: readonly string[] | undefined;
  readonly registry: string | undefined;
  readonly 'keep-current': boolean;
  readonly 'accept-key': string | undefined;
  readonly 'for-kernel': string | undefined;
}

function nothingGlobal(): EbpmError {
  return new EbpmError('EBPM_USAGE_INVALID', 'Cannot install nothing for the user: no package is named', {
    hint: 'Name one: ebpm install --global NAME',
  });
}

function sentence(
  { installed: { name, version }, already, current }: InstallResult,
  needed: readonly InstalledVersion[],
): string {
  const done = already ? 'was installed already' : 'is installed';
  const others = needed.map((one) => `${one.name}@${one.version}`);
  const needs = others.length === 0 ? '' : `, with ${others.join(', ')}`;
  return printable(`${name}@${version} ${done}${needs}${current ? '' : `; "${name}" stands for another version`}`);
}
