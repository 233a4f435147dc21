import { printable } from '@ebpm/events';
import type { CliControl } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { controlRun } from '../background/control-run.js';
import { BaseCommand } from '../base-command.js';

/** `ebpm pause RUN`: stop reading the events of a background run. */
export default class Pause extends BaseCommand {
  static override summary = 'Stop reading the events of a background run';
  static override description =
    'Its programs stay attached: what they send waits in their buffers, and is lost when these are full.';
  static override examples = ['<%= config.bin %> pause signals'];
  static override args = { run: Args.string({ description: 'its id or name', required: true }) };

  async run(): Promise<CliControl> {
    const { args } = await this.parse(Pause);
    const result = await controlRun(this.context.env, args.run, 'pause');
    this.log(printable(`${args.run} is paused`));
    return result;
  }
}
