import type { Interfaces } from '@oclif/core';
import type Run from './commands/run.js';
import { parseRunAllow } from './consent/allow.js';
import type { Context } from './context.js';
import { parseEventType } from './event-type.js';
import { lossRequest } from './loss-request.js';
import { outputRequest } from './output-request.js';
import { taken } from './paced-output.js';
import { readPackageInput } from './package-source.js';
import { type RunRequest, runHere } from './run-here.js';
import { refuseRevoked } from './run-revocations.js';
import { targetsOf } from './targets-of.js';
import type { ToolRole } from './tools/tool-role.js';
import type { StartedGuest } from './wasm/start-guest.js';

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
  detach: false,
  name: undefined,
  background: undefined,
  'keep-privileges': false,
  kernel: undefined,
  offline: false,
  allow: undefined,
  entry: undefined,
  tool: undefined,
};

/** A command line of `ebpm run`, in its parts. */
export interface RunCommandLine {
  readonly flags: RunFlags;
  readonly spec: string;
  readonly programArgs: readonly string[];
  /** The process of a guest that was started already. */
  readonly guest?: StartedGuest | undefined;
}

/** Runs a package, here or in a throwaway kernel, and ends the process or sets its exit code. */
export async function runPackage(context: Context, commandLine: RunCommandLine): Promise<void> {
  const { flags, spec, programArgs } = commandLine;
  if (flags.background !== undefined) {
    const { backgroundRun } = await import('./background/background-run.js');
    return process.exit(
      await backgroundRun(context, flags.background, async (own, { onAttached, onInstalled, onTools }) => {
        const request = await runRequest(context, commandLine);
        onInstalled(request.input.installed);
        return runHere(asAsked(own, flags), { ...request, onAttached, onTools });
      }),
    );
  }
  if (flags.detach) {
    const { agreeBefore } = await import('./consent/agree-before.js');
    await agreeBefore(context, spec, () => runRequest(context, commandLine));
    const { startInBackground } = await import('./background/start-in-background.js');
    const argv = process.argv.slice(process.argv.indexOf('run') + 1);
    process.exitCode = await startInBackground(context, { name: flags.name, spec, programArgs, argv });
    return;
  }
  const role = flags.tool === undefined ? {} : await takeRole(flags.tool);
  const request = { ...(await runRequest(context, commandLine)), ...role };
  if (flags.kernel === undefined) {
    const exitCode = await runHere(asAsked(context, flags), request);
    await Promise.all([taken(context.stdout), taken(context.stderr)]);
    // At once: taking its own heap apart, piece by piece, would keep Node busy for 30 ms.
    process.exit(exitCode);
  }
  const { runInKernel } = await import('./run-in-kernel.js');
  process.exitCode = await runInKernel(context, flags.kernel, request);
}

function asAsked(context: Context, { offline }: Pick<RunFlags, 'offline'>): Context {
  return offline ? { ...context, isOffline: true } : context;
}

/** Loaded only where it is needed: most runs are a person's. */
async function takeRole(depth: number): Promise<ToolRole> {
  const { toolRole } = await import('./tools/tool-role.js');
  return toolRole(depth);
}

/** What is to be run, read and looked at as far as that goes without a kernel. */
export async function runRequest(
  context: Context,
  { flags, spec, programArgs, guest }: RunCommandLine,
): Promise<RunRequest> {
  const output = outputRequest(flags);
  const asked = asAsked(context, flags);
  const input = await readPackageInput(asked, spec, { entry: flags.entry });
  const asksRevocations =
    input.installed && (await refuseRevoked(asked, input.installed, { isTool: flags.tool !== undefined }));
  return {
    input,
    asksRevocations,
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
    spec,
    guest,
    ...(await parseRunAllow(flags.allow ?? [])),
  };
}
