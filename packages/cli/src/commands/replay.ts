import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { OUTPUT_FLAGS } from '../output-flags.js';
import { outputRequest } from '../output-request.js';
import { replayRecording } from '../replay-recording.js';

/** `ebpm replay FILE`: prints what `ebpm run --record FILE` kept. */
export default class Replay extends BaseCommand {
  static override summary = 'Print the events of a recorded run';
  static override description =
    'Needs no privilege and no kernel: it works wherever Node does. The ledger of the run comes at the end.';
  static override examples = [
    '<%= config.bin %> run --record signals.ebpmr sigsnoop',
    '<%= config.bin %> replay --json signals.ebpmr',
    '<%= config.bin %> replay --output csv --timestamp utc signals.ebpmr',
  ];
  static override enableJsonFlag = false;
  static override args = {
    file: Args.string({ description: 'a recording, or - for stdin', required: true }),
  };
  static override flags = {
    ...OUTPUT_FLAGS,
    'max-events': Flags.integer({ char: 'n', min: 1, description: 'stop after this many events' }),
    flamegraph: Flags.string({ helpValue: 'FILE', description: 'draw the recorded stacks as a flame graph (SVG)' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Replay);
    process.exitCode = await replayRecording(this.context, {
      path: args.file,
      output: outputRequest(flags),
      maxEvents: flags['max-events'],
      flameGraphPath: flags.flamegraph,
    });
  }
}
