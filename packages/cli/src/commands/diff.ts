import { compareFacts } from '@ebpm/object';
import type { CliDiff } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import type { Context } from '../context.js';
import { formatChanges } from '../format-changes.js';
import { inputFacts } from '../input-facts.js';
import { contextWith, offlineFlag } from '../offline-flag.js';
import { type NamedInput, readPackageInput } from '../package-source.js';
import { subjectOf } from '../subject.js';

/** `ebpm diff A B`: says what a package may do more, and what less, than another. */
export default class Diff extends BaseCommand {
  static override summary = 'Say what an update adds to what a package may do, and what it drops';
  static override description =
    'Versions are compared that are named by a range or a tag as the registry has them now, without a network as they are installed; a bare name is what ebpm.lock here names, else what is installed. What is not installed is downloaded and checked as install does it, or ci where ebpm.lock names it, and not installed. The first lines say what was compared.';
  static override examples = [
    '<%= config.bin %> diff sigsnoop@1.0.0 sigsnoop@latest',
    '<%= config.bin %> diff sigsnoop ./dist/package.json',
  ];
  static override args = {
    before: Args.string({
      description: 'a name, name@range, name@tag, a file, a URL, or - for stdin',
      required: true,
    }),
    after: Args.string({ description: 'the same', required: true }),
  };

  static override flags = { offline: offlineFlag };

  async run(): Promise<CliDiff> {
    const { args, flags } = await this.parse(Diff);
    const { before, after } = args;
    const context = contextWith(this.context, flags);
    const [old, now] = [await read(context, before), await read(context, after)];
    const changes = compareFacts(inputFacts(old), inputFacts(now));
    const compared = { before: subjectOf(before, old), after: subjectOf(after, now) };
    if (!this.jsonEnabled()) this.context.stdout.write(formatChanges(compared, changes));
    return { ...compared, changes: [...changes] };
  }
}

function read(context: Context, spec: string): Promise<NamedInput> {
  return readPackageInput(context, spec, { lookedUp: 'tags-and-ranges', missing: 'look' });
}
