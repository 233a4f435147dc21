import { compareFacts } from '@ebpm/object';
import type { CliDiff } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import type { Context } from '../context.js';
import { formatChanges } from '../format-changes.js';
import { inputFacts } from '../input-facts.js';
import { contextWith, offlineFlag } from '../offline-flag.js';
import { readPackageInput } from '../package-source.js';

/** `ebpm diff A B`: says what a package may do more, and what less, than another. */
export default class Diff extends BaseCommand {
  static override summary = 'Say what an update adds to what a package may do, and what it drops';
  static override examples = [
    '<%= config.bin %> diff sigsnoop@1.0.0 sigsnoop@latest',
    '<%= config.bin %> diff sigsnoop ./dist/package.json',
  ];
  static override args = {
    before: Args.string({
      description: 'an installed name, name@range, a file, a URL, or - for stdin',
      required: true,
    }),
    after: Args.string({ description: 'the same', required: true }),
  };

  static override flags = { offline: offlineFlag };

  async run(): Promise<CliDiff> {
    const { args, flags } = await this.parse(Diff);
    const { before, after } = args;
    const context = contextWith(this.context, flags);
    const [old, now] = [await factsOf(context, before), await factsOf(context, after)];
    const changes = compareFacts(old, now);
    if (!this.jsonEnabled()) this.context.stdout.write(formatChanges(changes));
    return { before, after, changes: [...changes] };
  }
}

async function factsOf(context: Context, spec: string) {
  return inputFacts(await readPackageInput(context, spec));
}
