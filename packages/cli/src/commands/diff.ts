import { compareFacts } from '@ebpm/object';
import type { CliDiff } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { formatChanges } from '../format-changes.js';
import { inputFacts } from '../input-facts.js';
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

  async run(): Promise<CliDiff> {
    const { before, after } = (await this.parse(Diff)).args;
    const [old, now] = [await this.#facts(before), await this.#facts(after)];
    const changes = compareFacts(old, now);
    if (!this.jsonEnabled()) this.context.stdout.write(formatChanges(changes));
    return { before, after, changes: [...changes] };
  }

  async #facts(spec: string) {
    return inputFacts(await readPackageInput(this.context, spec));
  }
}
