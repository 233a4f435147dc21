import { existsSync } from 'node:fs';
import { type AskerChain, chainsTo, LOCKFILE, requireLockfile } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { EbpmError, MANIFEST_FILE, parsePackageName } from '@ebpm/formats';
import type { CliWhy } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { whyInstalled } from '../why-installed.js';

/** `ebpm why NAME`: who asks for a package of the project here, or for one that is installed. */
export default class Why extends BaseCommand {
  static override summary = 'Say why a package is needed';
  static override description =
    'Reads the ebpm.lock of the project here; outside of a project, or with --global, what was chosen for the packages that are installed. A line is a chain, from what ebpm.json asks for, or what was installed by its name, down to the package.';
  static override examples = ['<%= config.bin %> why kernel-headers'];
  static override args = { name: Args.string({ description: 'a package', required: true }) };
  static override flags = {
    global: Flags.boolean({ char: 'g', description: 'of what is installed for the user, as outside of a project' }),
  };

  async run(): Promise<CliWhy> {
    const { args, flags } = await this.parse(Why);
    const name = parsePackageName(args.name);
    if (flags.global || ![LOCKFILE, MANIFEST_FILE].some((file) => existsSync(file))) return this.#installed(name);
    const lockfile = await requireLockfile(process.cwd(), `say why "${name}" is needed`);
    // Objects have a "constructor" from the start, which may be a package's name as well.
    const locked = Object.hasOwn(lockfile.packages, name) ? lockfile.packages[name] : undefined;
    if (locked === undefined) {
      throw new EbpmError('EBPM_NOT_INSTALLED', `Cannot say why "${name}" is needed: ${LOCKFILE} does not have it`);
    }
    const askers = chainsTo(lockfile, name);
    this.log(printable(`${name}@${locked.version}`));
    for (const { chain, range } of askers) {
      const steps = chain.map((step) => `${step}@${lockfile.packages[step]?.version}`);
      this.log(printable(`  ${['this project', ...steps].join(' > ')} asks for ${range}`));
    }
    return { name, version: locked.version, askers: askers.map(listed) };
  }

  async #installed(name: string): Promise<CliWhy> {
    const found = await whyInstalled(this.context.home, name);
    for (const version of found.asked ?? []) this.log(printable(`${name}@${version} was installed by its name`));
    for (const { chain, range, version } of found.askers) {
      this.log(printable(`${name}@${version}: ${chain.join(' > ')} asks for ${range}`));
    }
    return found;
  }
}

function listed({ by, range, chain }: AskerChain): CliWhy['askers'][number] {
  return { ...(by !== undefined && { by: { ...by } }), range, chain: [...chain] };
}
