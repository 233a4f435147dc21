import { printable } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import {
  chooseKernelBtf,
  type EventTypeChoice,
  openPackage,
  type PerCpu,
  parseProgramArguments,
  programHelp,
  programOptions,
  programVersion,
  runSession,
} from '@ebpm/runner';
import type { CliRunLedger } from '@ebpm/schemas';
import { btfCache } from './btf-cache.js';
import type { Context } from './context.js';
import { formatLedger } from './format-ledger.js';
import { ledgerLine, ledgerRecord } from './ledger-record.js';
import type { LossRequest } from './loss-request.js';
import type { PackageInput } from './package-source.js';
import { runInterruptibly } from './run-interruptibly.js';
import { StatsLine } from './stats-line.js';

/** A run, as the command line asks for it. */
export interface RunRequest {
  readonly input: PackageInput;
  readonly eventTypes: readonly EventTypeChoice[];
  readonly programArgs: readonly string[];
  readonly json: boolean;
  readonly durationMs: number | undefined;
  readonly maxEvents: number | undefined;
  readonly perCpu: PerCpu;
  readonly losses: LossRequest;
  /** Where the flame graph goes; undefined: none is drawn. */
  readonly flameGraphPath: string | undefined;
}

/** Runs a package on this machine's kernel; gives the exit code. */
export async function runHere(context: Context, request: RunRequest): Promise<number> {
  const pkg = openPackage(request.input.bytes, { ...request.input, eventTypes: request.eventTypes });
  const options = programOptions(pkg);
  const wish = parseProgramArguments(options, request.programArgs);
  if (wish.wants !== 'run') {
    context.stdout.write(wish.wants === 'help' ? programHelp(pkg, options) : `${printable(programVersion(pkg))}\n`);
    return 0;
  }
  const kernelBtf = chooseKernelBtf(pkg, { path: context.env['BTF_FILE_PATH'] });
  const { ledger, budget, stats } = request.losses;
  const statsLine = stats ? new StatsLine(context.stderr) : undefined;
  if (stats || budget !== undefined) context.stderr.write(RUN_STATISTICS_NOTE);
  return runInterruptibly(async (signal) => {
    const result = await runSession(pkg, {
      output: request.json ? 'json' : 'table',
      values: wish.values,
      write: (chunk) => {
        statsLine?.hide();
        context.stdout.write(chunk);
      },
      onAttached: ({ programs }) => context.stderr.write(attachedLine(pkg.name, programs.length)),
      durationMs: request.durationMs,
      maxEvents: request.maxEvents,
      perCpu: request.perCpu,
      foldStacks: request.flameGraphPath === undefined ? undefined : true,
      kernelBtf,
      btfCache: btfCache(context.env),
      ledger,
      budget,
      onStats: statsLine === undefined ? undefined : (counts) => statsLine.show(counts),
      signal,
    });
    statsLine?.hide();
    const record = ledgerRecord(result.ledger);
    context.stderr.write(formatLedger(record));
    if (request.json) context.stdout.write(ledgerLine(record));
    if (request.flameGraphPath !== undefined) {
      const { writeFlameGraph } = await import('./write-flame-graph.js');
      await writeFlameGraph(request.flameGraphPath, pkg.name, result.stacks);
    }
    refuseEnd(record, request.losses);
    return 0;
  });
}

function attachedLine(name: string, programs: number): string {
  return `${printable(name)}: attached ${programs} program${programs === 1 ? '' : 's'}, Ctrl-C ends\n`;
}

const RUN_STATISTICS_NOTE =
  'run statistics are on: every eBPF program of this machine is a little slower until this run ends\n';

/** The run itself went well; what it was told not to let pass did happen. */
function refuseEnd({ package: name, ended, complete, why }: CliRunLedger, { strict, budget }: LossRequest): void {
  if (ended === 'budget') {
    throw new EbpmError(
      'EBPM_BUDGET_EXCEEDED',
      `Stopped "${name}": its programs took more than ${(budget ?? 0) * 100}% of a core over one second`,
      { hint: 'Give it a larger --budget, or narrow what it looks at with its own options' },
    );
  }
  if (strict && complete !== true) {
    const what = complete === false ? 'is not complete' : 'may not be complete';
    throw new EbpmError('EBPM_EVENTS_LOST', `What "${name}" showed ${what}: ${why[0] ?? ''}`);
  }
}
