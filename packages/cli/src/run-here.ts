import type { InstalledVersion } from '@ebpm/client/installed';
import { printable } from '@ebpm/events';
import { EbpmError, sniffPackage } from '@ebpm/formats';
import type { Identity, Targets } from '@ebpm/loader';
import {
  type Attached,
  chooseKernelBtf,
  type EventTypeChoice,
  openPackage,
  type PerCpu,
  programHelp,
  programOptions,
  programVersion,
  runSession,
} from '@ebpm/runner';
import { attachedText } from './attached-text.js';
import { AuditTrail } from './audit/audit-trail.js';
import { agreeToRun } from './consent/agree-to-run.js';
import type { RunAllow } from './consent/allow.js';
import { judgeable } from './consent/judgeable.js';
import { judgementKeeper } from './consent/judgement-keeper.js';
import { refuseWasi } from './consent/refuse-wasi.js';
import type { Context } from './context.js';
import type { FlameGraphFile } from './flame-graph-file.js';
import { formatLedger } from './format-ledger.js';
import { ledgerLine, ledgerRecord } from './ledger-record.js';
import type { LossRequest } from './loss-request.js';
import type { OutputRequest } from './output-request.js';
import { PacedOutput } from './paced-output.js';
import type { PackageInput } from './package-source.js';
import { printerOptions } from './printer-options.js';
import { programArguments } from './program-arguments.js';
import { refuseEnd } from './refuse-end.js';
import { runInterruptibly } from './run-interruptibly.js';
import { refreshFor } from './run-revocations.js';
import { type RunUser, runUser } from './run-user.js';
import type { Recording } from './start-recording.js';
import { StatsLine } from './stats-line.js';
import type { StartedGuest } from './wasm/start-guest.js';

/** A run, as the command line asks for it. */
export interface RunRequest extends RunAllow {
  readonly input: PackageInput;
  /** The address of a registry that is asked what it has revoked once the run has started; undefined: none. */
  readonly asksRevocations?: string | undefined;
  readonly eventTypes: readonly EventTypeChoice[];
  readonly programArgs: readonly string[];
  readonly output: OutputRequest;
  readonly durationMs: number | undefined;
  readonly maxEvents: number | undefined;
  readonly perCpu: PerCpu;
  readonly losses: LossRequest;
  /** Called once the programs of a background run are attached. */
  readonly onAttached?: (attached: Attached) => void;
  /** Called with the tools that the module of a background run can start. */
  readonly onTools?: (tools: readonly InstalledVersion[]) => void;
  /** Whether root stays root after attaching. */
  readonly keepPrivileges: boolean;
  /** Where the raw events go; undefined: nowhere. */
  readonly recordPath: string | undefined;
  readonly targets: Targets;
  readonly bestEffort: boolean;
  /** Where the flame graph goes; undefined: none is drawn. */
  readonly flameGraphPath: string | undefined;
  /** What was named on the command line, as it was typed. */
  readonly spec: string;
  /** The process of a guest, where it was started before it was known what is run. */
  readonly guest?: StartedGuest | undefined;
  /** How many packages have started each other to start this one; default: a person has. */
  readonly toolDepth?: number | undefined;
  /** Ends the run cleanly. */
  readonly ends?: AbortSignal | undefined;
}

/** Runs a package on this machine's kernel; gives the exit code. */
export async function runHere(context: Context, request: RunRequest): Promise<number> {
  if (sniffPackage(request.input.bytes) === 'wasm') {
    const { runWasm } = await import('./wasm/run-wasm.js');
    return runWasm(context, request);
  }
  request.guest?.kill();
  refuseWasi(request, 'it has no WASM module');
  const pkg = openPackage(request.input.bytes, { ...request.input, eventTypes: request.eventTypes });
  const options = programOptions(pkg);
  const wish = await programArguments(options, request);
  if (wish.wants !== 'run') {
    context.stdout.write(wish.wants === 'help' ? programHelp(pkg, options) : `${printable(programVersion(pkg))}\n`);
    return 0;
  }
  const run = { ...request, pkg: judgeable(pkg) };
  const agreement = await agreeToRun(context, run);
  const keepJudgement = judgementKeeper(context, agreement);
  const trail = new AuditTrail(context, run, agreement);
  const kernelBtf = chooseKernelBtf(pkg, { path: context.env['BTF_FILE_PATH'] });
  const flameGraph = await openFlameGraph(request.flameGraphPath);
  const user = request.keepPrivileges ? undefined : runUser(context.env);
  const { ledger, budget, stats } = request.losses;
  const statsLine = stats ? new StatsLine(context.stderr) : undefined;
  if (stats || budget !== undefined) context.stderr.write(RUN_STATISTICS_NOTE);
  const { recordPath } = request;
  const recording = recordPath === undefined ? undefined : await beginRecording(context, recordPath, pkg.name);
  const output = new PacedOutput(context.stdout);
  const refresh = await refreshFor(context, request.asksRevocations);
  return runInterruptibly(async (signal) => {
    const result = await runSession(pkg, {
      output: request.output.kind,
      printing: printerOptions(context, request.output),
      values: wish.values,
      write: (chunk) => {
        statsLine?.hide();
        output.write(chunk);
      },
      becomes: user,
      onLoaded: () => trail.loaded(),
      onStarted: keepJudgement,
      onAttached: (attached) => {
        output.pace(attached);
        keepJudgement();
        // Nobody sits before a tool that was started by a module.
        if (request.toolDepth === undefined) {
          context.stderr.write(`${identityLine(user, attached.identity)}${attachedText(pkg.name, attached)}`);
        }
        request.onAttached?.(attached);
        refresh?.begin();
      },
      targets: request.targets,
      bestEffort: request.bestEffort,
      durationMs: request.durationMs,
      maxEvents: request.maxEvents,
      perCpu: request.perCpu,
      foldStacks: request.flameGraphPath === undefined ? undefined : true,
      kernelBtf,
      ledger,
      budget,
      onStats: statsLine === undefined ? undefined : (counts) => statsLine.show(counts),
      recorder: recording?.recorder,
      signal,
    }).catch((error: unknown) => {
      trail.ended(error instanceof EbpmError ? error.code : 'EBPM_INTERNAL');
      throw error;
    });
    trail.ended(result.ended);
    statsLine?.hide();
    const record = ledgerRecord(result.ledger);
    recording?.recorder.end(record);
    recording?.file.close();
    context.stderr.write(formatLedger(record));
    if (request.output.kind === 'json') context.stdout.write(ledgerLine(record));
    flameGraph?.write(pkg.name, result.stacks);
    refuseEnd(record, request.losses);
    return 0;
  }, request.ends);
}

/** Loaded only where it is needed: at most once an hour. */
/** Loaded only where it is needed: most runs draw nothing. */
async function openFlameGraph(path: string | undefined): Promise<FlameGraphFile | undefined> {
  if (path === undefined) return undefined;
  const { FlameGraphFile } = await import('./flame-graph-file.js');
  return new FlameGraphFile(path);
}

/** Says who the process is now, where that is not what anybody would expect. */
function identityLine(wanted: RunUser | undefined, became: Identity | undefined): string {
  if (wanted === undefined) return '';
  if (became === undefined) return 'Stays root: this kernel refuses bpf(2) to all other processes\n';
  if (wanted.isInvoking) return '';
  return `Goes on as user "${printable(became.name)}", since root was not reached through sudo (--keep-privileges keeps root)\n`;
}

async function beginRecording(context: Context, path: string, name: string): Promise<Recording> {
  const { startRecording } = await import('./start-recording.js');
  return startRecording(context, path, name);
}

const RUN_STATISTICS_NOTE =
  'run statistics are on: every eBPF program of this machine is a little slower until this run ends\n';
