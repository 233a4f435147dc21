import type { Interfaces } from '@oclif/core';
import type Run from './commands/run.js';
import type { Context } from './context.js';
import { parseEventType } from './event-type.js';
import { lossRequest } from './loss-request.js';
import { outputRequest } from './output-request.js';
import { readPackageInput } from './package-source.js';
import { runHere } from './run-here.js';
import { targetsOf } from './targets-of.js';

/** The flags of `ebpm run`, parsed. */
export type RunFlags = Interfaces.InferredFlags<typeof Run.flags>;

/** What the flags are when none is given. */
export const NO_RUN_FLAGS: RunFlags = {
  output: undefined,
  json: false,
  columns: undefined,
  filter: undefined,
  sort: undefined,
  top: undefined,
  interval: undefined,
  timestamp: undefined,
  numeric: false,
  duration: undefined,
  'max-events': undefined,
  'per-cpu': 'sum',
  'event-type': undefined,
  ledger: undefined,
  strict: false,
  stats: false,
  budget: undefined,
  record: undefined,
  'target-ifname': undefined,
  'target-cgroup': undefined,
  'target-pid': undefined,
  'target-path': undefined,
  'best-effort': false,
  flamegraph: undefined,
  'keep-privileges': false,
  kernel: undefined,
};

/** A command line of `ebpm run`, in its parts. */
export interface RunCommandLine {
  readonly flags: RunFlags;
  readonly spec: string;
  readonly programArgs: readonly string[];
}

/** Runs a package, here or in a throwaway kernel, and ends the process or sets its exit code. */
export async function runPackage(context: Context, { flags, spec, programArgs }: RunCommandLine): Promise<void> {
  const output = outputRequest(flags);
  const request = {
    input: await readPackageInput(context, spec),
    eventTypes: (flags['event-type'] ?? []).map(parseEventType),
    programArgs,
    output,
    durationMs: flags.duration,
    maxEvents: flags['max-events'],
    perCpu: flags['per-cpu'],
    losses: lossRequest(flags),
    recordPath: flags.record,
    targets: targetsOf(flags),
    bestEffort: flags['best-effort'],
    flameGraphPath: flags.flamegraph,
    keepPrivileges: flags['keep-privileges'],
  };
  if (flags.kernel === undefined) {
    const exitCode = await runHere(context, request);
    // At once: taking its own heap apart, piece by piece, would keep Node busy for 30 ms.
    process.exit(exitCode);
  } else {
    const { runInKernel } = await import('./run-in-kernel.js');
    process.exitCode = await runInKernel(context, flags.kernel, request);
  }
}
