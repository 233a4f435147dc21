import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { runAllowFlag } from '../consent/allow-flag.js';
import { durationFlag } from '../duration.js';
import { entryFlag } from '../entry-flag.js';
import { eventTypeFlag } from '../event-type-flag.js';
import { LOSS_FLAGS } from '../loss-flags.js';
import { offlineFlag } from '../offline-flag.js';
import { OUTPUT_FLAGS } from '../output-flags.js';
import { parseRunName } from '../run-name.js';
import { runPackage } from '../run-package.js';
import { TARGET_FLAGS } from '../target-flags.js';

/** `ebpm run [flags] SPEC [args...]`: loads and attaches a package and prints its events. */
export default class Run extends BaseCommand {
  static override summary = 'Run an eBPF program and print its events';
  static override description =
    'Flags of ebpm come before SPEC; everything after SPEC goes to the program (put --help there to see its options).';
  static override usage = 'run [FLAGS] SPEC [ARGS...]';
  static override examples = [
    '<%= config.bin %> run sigsnoop',
    '<%= config.bin %> run --json --duration 10s ./dist/package.json --target_signal 9',
    `<%= config.bin %> run --filter 'comm == "bash" && sig == SIGKILL' --columns pid,tpid sigsnoop`,
    '<%= config.bin %> run --kernel 6.12 sigsnoop',
  ];
  static override strict = false;
  static override enableJsonFlag = false;
  static override args = {
    spec: Args.string({
      description: 'a name, name@range, name@tag, a file, a URL, or - for stdin',
      required: true,
    }),
  };
  static override flags = {
    ...OUTPUT_FLAGS,
    duration: durationFlag({ char: 'd', description: 'stop after this time, such as 500ms, 10s or 5m' }),
    'max-events': Flags.integer({ char: 'n', min: 1, description: 'stop after this many events' }),
    'per-cpu': Flags.option({
      options: ['sum', 'split'] as const,
      default: 'sum' as const,
      description: 'add the values of per-CPU maps up, or show each CPU',
    })(),
    'event-type': eventTypeFlag,
    allow: runAllowFlag(
      'agree, for this run, to classes that are asked for; wasi:env, wasi:env=NAME, wasi:dir=PATH and wasi:write=PATH give a WASM module what it asks for',
    ),
    ...TARGET_FLAGS,
    'best-effort': Flags.boolean({ description: 'run what can run here instead of nothing, and say what cannot' }),
    ...LOSS_FLAGS,
    record: Flags.string({ helpValue: 'FILE', description: 'keep the raw events in a file, for ebpm replay' }),
    flamegraph: Flags.string({ helpValue: 'FILE', description: 'draw the stacks of the run as a flame graph (SVG)' }),
    detach: Flags.boolean({
      exclusive: ['kernel'],
      description: 'run in the background, and print its id once it is attached (ebpm ps, logs, stop)',
    }),
    name: Flags.string({ description: 'what a background run is called', dependsOn: ['detach'], parse: parseRunName }),
    background: Flags.string({ hidden: true }),
    tool: Flags.integer({ hidden: true, min: 1 }),
    'keep-privileges': Flags.boolean({
      description: 'stay root after attaching; else the process becomes the user behind sudo, or nobody',
    }),
    entry: entryFlag,
    offline: offlineFlag,
    kernel: Flags.option({
      options: ['6.1', '6.12'] as const,
      description: 'run in a throwaway Linux of this version instead of here; needs no root',
    })(),
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Run);
    // Not `argv`: there oclif puts words that stand twice on the command line beside each other.
    const [spec = '', ...programArgs] = raw.flatMap((token) => (token.type === 'arg' ? [token.input] : []));
    await runPackage(this.context, { flags, spec, programArgs });
  }
}
