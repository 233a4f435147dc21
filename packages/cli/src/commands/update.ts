import { printable } from '@ebpm/events';
import { parsePackageName } from '@ebpm/formats';
import type { CliUpdate, Lockfile } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { acceptKeyFlag } from '../accept-key-flag.js';
import { BaseCommand } from '../base-command.js';
import { parseKernelVersion } from '../kernel-version.js';
import { contextWith, offlineFlag } from '../offline-flag.js';
import { installProject } from '../project-install.js';
import { registryFlag } from '../registry-flag.js';

/** `ebpm update [NAME...]`: chooses the versions of a project anew. */
export default class Update extends BaseCommand {
  static override summary = 'Choose newer versions for the project here';
  static override description =
    'Takes the newest versions that ebpm.json and the packages themselves allow, writes them into ebpm.lock and installs them. With names, the others stay as they are where that is possible.';
  static override examples = ['<%= config.bin %> update', '<%= config.bin %> update sigsnoop @acme/x'];
  static override strict = false;
  static override args = { name: Args.string({ description: 'a package; several if wanted; none: all of them' }) };
  static override flags = {
    registry: registryFlag,
    offline: offlineFlag,
    'accept-key': acceptKeyFlag,
    'for-kernel': Flags.string({
      description: 'choose versions whose authors claim this kernel, such as 6.1',
      helpValue: 'VERSION',
      parse: parseKernelVersion,
    }),
  };

  async run(): Promise<CliUpdate> {
    const { flags, argv } = await this.parse(Update);
    const names = argv.map((text) => parsePackageName(String(text)));
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
    if (changes.length === 0) this.log('Everything is as new as it may be');
    return { changes: [...changes] };
  }
}

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
