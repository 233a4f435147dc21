import { type FailedUpdate, Installed, type InstalledVersion } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { parsePackageName } from '@ebpm/formats';
import type { CliUpdate } from '@ebpm/schemas';
import { Args, Flags, type Interfaces } from '@oclif/core';
import { acceptKeyFlag } from '../accept-key-flag.js';
import { BaseCommand } from '../base-command.js';
import { approveForUser } from '../consent/approve-installed.js';
import { errorJson, formatError } from '../error-output.js';
import { parseKernelVersion } from '../kernel-version.js';
import { contextWith, offlineFlag } from '../offline-flag.js';
import { installProject } from '../project-install.js';
import { registryFlag } from '../registry-flag.js';
import { updateGlobal } from '../update-global.js';
import { changeSentence, toolChanges, type VersionChange, versionChanges } from '../version-changes.js';

/** `ebpm update [NAME...]`: chooses the versions of a project anew. */
export default class Update extends BaseCommand {
  static override summary = 'Choose newer versions for the project here, or for the tools of the user';
  static override description =
    'Takes the newest versions that ebpm.json and the packages themselves allow, writes them into ebpm.lock and installs them. With names, the others stay as they are where that is possible. With --global: what the tags name that tools were installed by, latest for those that were installed by a version or a range, and of what the tools depend on the newest versions that they allow; what cannot be had keeps no other tool from its update, and is told at the end.';
  static override examples = [
    '<%= config.bin %> update',
    '<%= config.bin %> update sigsnoop @acme/x',
    '<%= config.bin %> update --global',
  ];
  static override strict = false;
  static override args = { name: Args.string({ description: 'a package; several if wanted; none: all of them' }) };
  static override flags = {
    registry: registryFlag,
    offline: offlineFlag,
    'accept-key': acceptKeyFlag,
    global: Flags.boolean({
      char: 'g',
      description: 'update the tools of the user, and leave the project here as it is',
      exclusive: ['for-kernel'],
    }),
    'for-kernel': Flags.string({
      description: 'choose versions whose authors claim this kernel, such as 6.1',
      helpValue: 'VERSION',
      parse: parseKernelVersion,
    }),
  };

  async run(): Promise<CliUpdate> {
    const { flags, argv } = await this.parse(Update);
    const names = argv.map((text) => parsePackageName(String(text)));
    if (flags.global) return this.#updateGlobal(flags, names);
    const { before, lockfile, asked } = await installProject(contextWith(this.context, flags), {
      folder: process.cwd(),
      flag: flags.registry,
      ebpmVersion: this.config.version,
      update: names.length === 0 ? 'all' : new Set(names),
      kernel: flags['for-kernel'],
      acceptKey: flags['accept-key'],
    });
    const changes = versionChanges(before, lockfile);
    for (const change of changes) this.log(changeSentence(change));
    for (const line of asked) this.log(line);
    if (changes.length === 0) this.log(NOTHING_NEWER);
    return { changes: [...changes] };
  }

  async #updateGlobal(
    flags: Pick<Interfaces.InferredFlags<typeof Update.flags>, 'registry' | 'offline' | 'accept-key'>,
    names: readonly string[],
  ): Promise<CliUpdate> {
    const { updated, failed } = await updateGlobal(contextWith(this.context, flags), {
      flag: flags.registry,
      ebpmVersion: this.config.version,
      names,
      acceptKey: flags['accept-key'],
    });
    const changes = updated.flatMap(toolChanges);
    for (const change of changes) this.log(changeSentence(change));
    const versions = await newVersions(this.context.home, changes);
    for (const line of await approveForUser(this.context, versions, [])) this.log(line);
    if (changes.length > 0) this.log('The versions before leave the store with: ebpm prune');
    else if (failed.length === 0) this.log(NOTHING_NEWER);
    if (failed.length === 0) return { changes };
    process.exitCode = 1;
    if (!this.jsonEnabled()) for (const one of failed) this.context.stderr.write(failureText(one));
    return { changes, failed: failed.map(({ tool, error }) => ({ name: tool.name, error: errorJson(error) })) };
  }
}

const NOTHING_NEWER = 'Everything is as new as it may be';

function failureText({ tool: { name, version }, error }: FailedUpdate): string {
  return `${printable(`${name}@${version}, or what it depends on, is not as new as it may be:`)}\n${formatError(error)}`;
}

/** What is installed now and was not what it is for before. */
async function newVersions(home: string, changes: readonly VersionChange[]): Promise<readonly InstalledVersion[]> {
  const here = new Installed(home);
  const specs = new Map(changes.flatMap(({ name, to }) => (to === undefined ? [] : [[`${name}@${to}`, { name, to }]])));
  const found = await Promise.all([...specs.values()].map(({ name, to }) => here.version(name, to)));
  return found.filter((version) => version !== undefined);
}
