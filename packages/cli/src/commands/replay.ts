import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { replayRecording } from '../replay-recording.js';

/** `ebpm replay FILE`: prints what `ebpm run --record FILE` kept. */
export default class Replay extends BaseCommand {
  static override summary = 'Print the events of a recorded run';
  static override description =
    'Needs no privilege and no kernel: it works wherever Node does. The ledger of the run comes at the end.';
  static override examples = [
    '<%= config.bin %> run --record signals.ebpmr sigsnoop',
    '<%= config.bin %> replay --json signals.ebpmr',
  ];
  static override enableJsonFlag = false;
  static override args = {
    file: Args.string({ description: 'a recording, or - for stdin', required: true, ignoreStdin: true }),
  };
  static override flags = {
    json: Flags.boolean({ char: 'j', description: 'print one JSON object a line instead of a table' }),
    'max-events': Flags.integer({ char: 'n', min: 1, description: 'stop after this many events' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Replay);
    process.exitCode = await replayRecording(this.context, {
      path: args.file,
      json: flags.json,
      maxEvents: flags['max-events'],
    });
  }
}
