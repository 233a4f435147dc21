import { type ReplayResult, replay } from '@ebpm/runner';
import { type CliRunLedger, cliRunLedgerKind, validate } from '@ebpm/schemas';
import type { Context } from './context.js';
import { FlameGraphFile } from './flame-graph-file.js';
import { formatLedger } from './format-ledger.js';
import { ledgerLine } from './ledger-record.js';
import type { OutputRequest } from './output-request.js';
import { PacedOutput } from './paced-output.js';
import { printerOptions } from './printer-options.js';
import { readRecordingFile } from './recording-file.js';
import { runInterruptibly } from './run-interruptibly.js';

/** A replay, as the command line asks for it. */
export interface ReplayRequest {
  /** `-` for stdin. */
  readonly path: string;
  readonly output: OutputRequest;
  readonly maxEvents: number | undefined;
  /** Where the flame graph goes; undefined: none is drawn. */
  readonly flameGraphPath: string | undefined;
}

/** Prints a recording and the ledger of its run; gives the exit code. @throws EBPM_RECORDING_DAMAGED after what could be read */
export async function replayRecording(
  context: Context,
  { path, output, maxEvents, flameGraphPath }: ReplayRequest,
): Promise<number> {
  const { kind } = output;
  // The names of this machine's users say nothing about those of the recorded one.
  const printing = { ...printerOptions(context, output), userName: undefined };
  const paced = new PacedOutput(context.stdout);
  const flameGraph = flameGraphPath === undefined ? undefined : new FlameGraphFile(flameGraphPath);
  return runInterruptibly(async (signal) => {
    const result = await replay(path === '-' ? process.stdin : await readRecordingFile(path), {
      source: path,
      output: kind,
      printing,
      foldStacks: flameGraph === undefined ? undefined : true,
      write: (chunk) => paced.write(chunk),
      room: () => paced.room(),
      maxEvents,
      signal,
    });
    flameGraph?.write(result.header.package, result.stacks);
    context.stderr.write(formatLedger(ledgerOf(result)));
    if (kind === 'json') context.stdout.write(ledgerLine(ledgerOf(result)));
    if (result.damage !== undefined) throw result.damage;
    return 0;
  });
}

/** The ledger of the run; where the recording has none, what is known without it. */
export function ledgerOf({ header, streams, durationMs, ledger, damage }: ReplayResult): CliRunLedger {
  const recorded = validate(cliRunLedgerKind, ledger);
  if (damage === undefined && recorded.ok) return recorded.value;
  return {
    ebpm: 'ledger',
    package: header.package,
    ended: 'killed',
    durationMs,
    complete: 'unknown',
    why: [damage?.message ?? 'the recording has no end: the run was killed, or is not over, or the file was cut'],
    received: streams.reduce((sum, { received }) => sum + received, 0),
    shown: streams.reduce((sum, { shown }) => sum + shown, 0),
    streams: streams.map((stream) => ({
      ...stream,
      kind: 'other',
      lost: null,
      highWaterBytes: null,
      capacityBytes: null,
    })),
    programs: [],
    maps: [],
  };
}
