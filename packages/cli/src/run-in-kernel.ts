import { basename, join } from 'node:path';
import { type KernelVersion, type LabProgress, runInLab } from '@ebpm/lab';
import { checkedParts } from './checked-parts.js';
import { refuseWasi } from './consent/refuse-wasi.js';
import { runNeeds } from './consent/run-needs.js';
import type { Context } from './context.js';
import { eventTypeWords } from './event-type.js';
import { GUEST_COMMAND, guestFiles, thisBundle } from './guest-files.js';
import { invokingUser } from './invoking-user.js';
import { lossArguments } from './loss-request.js';
import { outputWords } from './output-request.js';
import type { PackageInput } from './package-source.js';
import { createRecordingFile } from './recording-file.js';
import type { RunRequest } from './run-here.js';
import { runInterruptibly } from './run-interruptibly.js';
import { targetWords } from './targets-of.js';
import { writeOutput } from './write-output.js';

const GUEST_RECORDING = '/tmp/recording';
const GUEST_FLAME_GRAPH = '/tmp/flamegraph.svg';

/**
 * Runs a package in a throwaway kernel: this same command line, there. Needs no root and leaves nothing behind. Gives
 * the exit code.
 */
export async function runInKernel(context: Context, kernel: KernelVersion, request: RunRequest): Promise<number> {
  refuseWasi(request, 'a kernel that is thrown away has neither folders nor variables of this machine');
  // What is wrong with it is said before anything boots.
  const { judged } = checkedParts(request.input, request.eventTypes);
  // There is nothing to protect in a kernel that is thrown away, and nobody to ask.
  const asked = Object.keys((await runNeeds(context, judged(), request.input.installed?.permissions)).judged.asks);
  const allowed = asked.length === 0 ? [] : [`--allow=${asked.join(',')}`];
  const name = guestName(request.input.source);
  const { recordPath, flameGraphPath } = request;
  const recording = recordPath === undefined ? undefined : createRecordingFile(recordPath, invokingUser(context.env));
  return runInterruptibly(async (interrupt) => {
    const { exitCode, results } = await runInLab({
      kernel,
      cacheDir: join(context.cacheFolder, 'lab'),
      command: [
        ...GUEST_COMMAND,
        'run',
        ...allowed,
        ...ownFlags(request),
        `/tmp/${name}`,
        '--',
        ...request.programArgs,
      ],
      files: { ...guestFiles(thisBundle()), ...packageFiles(name, request.input) },
      results: [
        ...(flameGraphPath === undefined ? [] : [GUEST_FLAME_GRAPH]),
        ...(recordPath === undefined ? [] : [GUEST_RECORDING]),
      ],
      onStdout: (chunk) => void context.stdout.write(chunk),
      onStderr: (chunk) => void context.stderr.write(chunk),
      onProgress: (progress) => void context.stderr.write(progressLine(progress)),
      interrupt,
    });
    const drawn = results[GUEST_FLAME_GRAPH];
    if (flameGraphPath !== undefined && drawn !== undefined) await writeOutput(flameGraphPath, drawn);
    // In pieces, so that a disk that is full keeps what it has room for.
    for (const piece of pieces(results[GUEST_RECORDING] ?? new Uint8Array(0))) recording?.write([piece]);
    recording?.close();
    return exitCode;
  });
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

const PIECE_BYTES = 64 * 1024;

/** The package keeps the name of its file, after which an object without metadata is named. */
function guestName(source: string): string {
  const file = basename(source);
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(file) ? file : 'package.json';
}

function packageFiles(name: string, { bytes, object }: PackageInput): Readonly<Record<string, Uint8Array>> {
  const beside = `/tmp/${name.replace(/(\.skel)?\.json$/, '')}.bpf.o`;
  return { [`/tmp/${name}`]: bytes, ...(object === undefined ? {} : { [beside]: object }) };
}

function ownFlags(request: RunRequest): readonly string[] {
  const { output, durationMs, maxEvents, perCpu, eventTypes, losses, recordPath, flameGraphPath, keepPrivileges } =
    request;
  const { targets, bestEffort } = request;
  return [
    ...eventTypeWords(eventTypes),
    ...outputWords(output),
    ...(keepPrivileges ? ['--keep-privileges'] : []),
    ...lossArguments(losses),
    ...(recordPath === undefined ? [] : ['--record', GUEST_RECORDING]),
    ...targetWords(targets),
    ...(bestEffort ? ['--best-effort'] : []),
    ...(durationMs === undefined ? [] : ['--duration', `${durationMs}ms`]),
    ...(flameGraphPath === undefined ? [] : ['--flamegraph', GUEST_FLAME_GRAPH]),
    ...(perCpu === 'sum' ? [] : ['--per-cpu', perCpu]),
    ...(maxEvents === undefined ? [] : ['--max-events', String(maxEvents)]),
  ];
}

function progressLine(progress: LabProgress): string {
  switch (progress.phase) {
    case 'fetching':
      return `Fetching Linux ${progress.kernel} (${progress.package})\n`;
    case 'booting':
      return `Booting Linux ${progress.kernel}\n`;
    default:
      return '';
  }
}
