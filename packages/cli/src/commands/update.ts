import { printable } from '@ebpm/events';
import { parsePackageName } from '@ebpm/formats';
import type { CliUpdate, Lockfile } from '@ebpm/schemas';
import { Args, Flags, type Interfaces } from '@oclif/core';
import { acceptKeyFlag } from '../accept-key-flag.js';
import { BaseCommand } from '../base-command.js';
import { approveForUser } from '../consent/approve-installed.js';
import { parseKernelVersion } from '../kernel-version.js';
import { contextWith, offlineFlag } from '../offline-flag.js';
import { installProject } from '../project-install.js';
import { registryFlag } from '../registry-flag.js';
import { updateGlobal } from '../update-global.js';

/** `ebpm update [NAME...]`: chooses the versions of a project anew. */
export default class Update extends BaseCommand {
  static override summary = 'Choose newer versions for the project here, or for the tools of the user';
  static override description =
    'Takes the newest versions that ebpm.json and the packages themselves allow, writes them into ebpm.lock and installs them. With names, the others stay as they are where that is possible. With --global: what the tags name that tools were installed by, latest for those that were installed by a version or a range.';
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
    const changes = changesOf(before, lockfile);
    for (const change of changes) this.log(sentence(change));
    for (const line of asked) this.log(line);
    if (changes.length === 0) this.log(NOTHING_NEWER);
    return { changes: [...changes] };
  }

  async #updateGlobal(
    flags: Pick<Interfaces.InferredFlags<typeof Update.flags>, 'registry' | 'offline' | 'accept-key'>,
    names: readonly string[],
  ): Promise<CliUpdate> {
    const updated = await updateGlobal(contextWith(this.context, flags), {
      flag: flags.registry,
      ebpmVersion: this.config.version,
      names,
      acceptKey: flags['accept-key'],
    });
    const changes = updated.map(({ before, result: { installed } }) => ({
      name: before.name,
      from: before.version,
      to: installed.version,
    }));
    for (const change of changes) this.log(sentence(change));
    const versions = updated.map(({ result }) => result.installed);
    for (const line of await approveForUser(this.context, versions, [])) this.log(line);
    this.log(changes.length === 0 ? NOTHING_NEWER : 'The versions before leave the store with: ebpm prune');
    return { changes };
  }
}

const NOTHING_NEWER = 'Everything is as new as it may be';

type Change = CliUpdate['changes'][number];

function changesOf(before: Lockfile | undefined, after: Lockfile): readonly Change[] {
  const old = before?.packages ?? {};
  const names = [...new Set([...Object.keys(old), ...Object.keys(after.packages)])].sort();
  return names.flatMap((name) => {
    const [from, to] = [old[name]?.version, after.packages[name]?.version];
    return from === to ? [] : [{ name, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  });
}

function sentence({ name, from, to }: Change): string {
  if (from === undefined) return printable(`${name} ${to} is new`);
  return printable(to === undefined ? `${name} ${from} is not needed any more` : `${name} ${from} -> ${to}`);
}
