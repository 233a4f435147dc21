import { printable } from '@ebpm/events';
import type { CliControl } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { stopRun } from '../background/stop-run.js';
import { BaseCommand } from '../base-command.js';

/** `ebpm stop RUN`: ends a background run. */
export default class Stop extends BaseCommand {
  static override summary = 'End a background run';
  static override description = 'As Ctrl-C would: what is left is printed into its log. After 10 s it is killed.';
  static override examples = ['<%= config.bin %> stop signals'];
  static override args = { run: Args.string({ description: 'its id or name', required: true }) };

  async run(): Promise<CliControl> {
    const { args } = await this.parse(Stop);
    const result = await stopRun(this.context.env, args.run);
    this.log(printable(`${args.run} has ${result.status === 'killed' ? 'been killed' : 'ended'}`));
    return result;
  }
}
