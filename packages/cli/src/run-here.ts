import { printable } from '@ebpm/events';
import {
  type EventTypeChoice,
  openPackage,
  type PerCpu,
  parseProgramArguments,
  programHelp,
  programOptions,
  programVersion,
  runSession,
  type SessionResult,
} from '@ebpm/runner';
import { btfCache } from './btf-cache.js';
import type { Context } from './context.js';
import type { PackageInput } from './package-source.js';
import { runInterruptibly } from './run-interruptibly.js';

/** A run, as the command line asks for it. */
export interface RunRequest {
  readonly input: PackageInput;
  readonly eventTypes: readonly EventTypeChoice[];
  readonly programArgs: readonly string[];
  readonly json: boolean;
  readonly durationMs: number | undefined;
  readonly maxEvents: number | undefined;
  readonly perCpu: PerCpu;
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
  return runInterruptibly(async (signal) => {
    const result = await runSession(pkg, {
      output: request.json ? 'json' : 'table',
      values: wish.values,
      write: (chunk) => context.stdout.write(chunk),
      onAttached: ({ programs }) => context.stderr.write(attachedLine(pkg.name, programs.length)),
      durationMs: request.durationMs,
      maxEvents: request.maxEvents,
      perCpu: request.perCpu,
      btfPath: context.env['BTF_FILE_PATH'] || undefined,
      btfCache: btfCache(context.env),
      signal,
    });
    context.stderr.write(summaryLine(result));
    return 0;
  });
}

function attachedLine(name: string, programs: number): string {
  return `${printable(name)}: attached ${programs} program${programs === 1 ? '' : 's'}, Ctrl-C ends\n`;
}

/** What was received and what was lost; a ring buffer's losses are nowhere counted, and that is said. */
function summaryLine({ streams }: SessionResult): string {
  const events = streams.reduce((sum, stream) => sum + stream.events, 0);
  const malformed = streams.reduce((sum, stream) => sum + stream.malformed, 0);
  const losses = streams.flatMap(({ lost }) => (lost === undefined ? [] : [lost]));
  const counts = [
    `${events} event${events === 1 ? '' : 's'}`,
    losses.length < streams.length || streams.length === 0
      ? 'losses unknown'
      : `${losses.reduce((sum, lost) => sum + lost, 0n)} lost`,
    ...(malformed > 0 ? [`${malformed} malformed`] : []),
  ];
  return `${counts.join(', ')}\n`;
}
