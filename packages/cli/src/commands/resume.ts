import { printable } from '@ebpm/events';
import type { CliControl } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { controlRun } from '../background/control-run.js';
import { BaseCommand } from '../base-command.js';

/** `ebpm resume RUN`: go on with a background run that is paused. */
export default class Resume extends BaseCommand {
  static override summary = 'Go on with a background run that is paused';
  static override description = 'What has waited in the buffers meanwhile is printed first.';
  static override examples = ['<%= config.bin %> resume signals'];
  static override args = { run: Args.string({ description: 'its id or name', required: true }) };

  async run(): Promise<CliControl> {
    const { args } = await this.parse(Resume);
    const result = await controlRun(this.context.env, args.run, 'resume');
    this.log(printable(`${args.run} goes on`));
    return result;
  }
}
