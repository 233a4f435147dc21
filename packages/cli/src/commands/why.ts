import { type AskerChain, chainsTo, LOCKFILE, requireLockfile } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { EbpmError, parsePackageName } from '@ebpm/formats';
import type { CliWhy } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.js';

/** `ebpm why NAME`: who asks for a package of the project here. */
export default class Why extends BaseCommand {
  static override summary = 'Say why the project here needs a package';
  static override description = 'Reads ebpm.lock. A line is a chain, from what ebpm.json asks for down to the package.';
  static override examples = ['<%= config.bin %> why kernel-headers'];
  static override args = { name: Args.string({ description: 'a package', required: true }) };

  async run(): Promise<CliWhy> {
    const { args } = await this.parse(Why);
    const name = parsePackageName(args.name);
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
}

function listed({ by, range, chain }: AskerChain): CliWhy['askers'][number] {
  return { ...(by !== undefined && { by: { ...by } }), range, chain: [...chain] };
}
