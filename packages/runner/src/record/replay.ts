import { type Architecture, type FoldedStack, FoldedStacks, type PrinterOptions } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import type { OutputKind } from '../session/stream.js';
import { takeTurns } from '../session/take-turns.js';
import { damaged, readRecording } from './read-recording.js';
import type { RecordedStream } from './recorded-stream.js';
import { RecordedSymbols } from './recorded-symbols.js';
import type { RecordingHeader } from './recording-format.js';
import { type ReplayedStream, ReplayStream } from './replay-stream.js';

/** How a recording is shown. */
export interface ReplayOptions {
  /** What the recording is called in errors. */
  readonly source: string;
  readonly output: OutputKind;
  readonly printing?: PrinterOptions | undefined;
  /** Adds up stacks for the result, as `folded` output does. Default: false. */
  readonly foldStacks?: boolean | undefined;
  /** Takes the output, bytes or text, synchronously: the bytes are reused afterwards. */
  readonly write: (chunk: Uint8Array | string) => void;
  /** Resolves when more can be written; default: at once. */
  readonly room?: (() => Promise<void>) | undefined;
  /** Events after which it ends; default: never. */
  readonly maxEvents?: number | undefined;
  /** Ends it between two batches. */
  readonly signal?: AbortSignal | undefined;
}

/** How a replay went. */
export interface ReplayResult {
  readonly header: RecordingHeader;
  readonly streams: readonly ReplayedStream[];
  /** From the first to the last batch. */
  readonly durationMs: number;
  /** The run's ledger, as it was recorded and not looked at; undefined where the recording has no end. */
  readonly ledger: unknown;
  /** Why it could not be read any further; undefined where it could be. */
  readonly damage: EbpmError | undefined;
  /** What was seen, added up; empty unless that was wished for. */
  readonly stacks: readonly FoldedStack[];
}

/**
 * Shows a recording as its run would have been shown, with the times at which events arrived. It needs no privilege and no kernel.
 * What can be read before a damage is shown.
 *
 * @throws EBPM_RECORDING_INVALID, the codes of `createPrinter`, EBPM_STACKS_MISSING, EBPM_STACKS_WHOLE
 */
export async function replay(chunks: AsyncIterable<Uint8Array>, options: ReplayOptions): Promise<ReplayResult> {
  const { header, frames } = await readRecording(chunks, options.source);
  const clock = new RecordedClock(header);
  const symbols = new RecordedSymbols();
  const described: RecordedStream[] = [];
  let streams: readonly ReplayStream[] | undefined;
  const opened = (): readonly ReplayStream[] => {
    const printing = { ...options.printing, ...clock.options };
    streams ??= openStreams(described, { ...options, printing }, symbols);
    return streams;
  };
  let left = options.maxEvents ?? Number.POSITIVE_INFINITY;
  let ledger: unknown;
  let damage: EbpmError | undefined;
  try {
    for await (const frame of frames) {
      if (frame.kind === 'stream') {
        described.push(frame);
      } else if (frame.kind === 'batch') {
        for (const stream of opened()) left -= stream.showBlock(frame.timeNs, left);
        clock.set(frame.timeNs);
        left -= opened()[frame.id]?.show(frame.bytes, left) ?? 0;
      } else if (frame.kind === 'symbols') {
        symbols.add(frame.json, frame.sizeBytes, (reason) => damaged(options.source, reason));
      } else {
        ledger = frame.ledger;
      }
      if (left <= 0 || options.signal?.aborted === true) break;
      await options.room?.();
    }
  } catch (error) {
    if (!(error instanceof EbpmError) || error.code !== 'EBPM_RECORDING_DAMAGED') throw error;
    damage = error;
  }
  for (const stream of opened()) left -= stream.showRest(left);
  const stacks = new FoldedStacks();
  for (const stream of opened()) stacks.addAll(stream.stacks?.list() ?? []);
  if (options.output === 'folded') options.write(stacks.text());
  return {
    header,
    streams: opened().map((stream) => stream.totals()),
    durationMs: clock.spanMs,
    ledger,
    damage,
    stacks: stacks.list(),
  };
}

/** The printers of all streams; where there are several, each says what it prints, as in the run. */
function openStreams(
  described: readonly RecordedStream[],
  { output, printing = {}, foldStacks = output === 'folded', write }: ReplayOptions,
  symbols: RecordedSymbols,
): readonly ReplayStream[] {
  const writeOf = described.length > 1 ? takeTurns(output, write) : () => write;
  return described.map(
    (stream) => new ReplayStream(stream, { output, printing, foldStacks, symbols, write: writeOf(stream.name) }),
  );
}

const ARCHITECTURES: readonly Architecture[] = ['x64', 'arm64'];

/** The clocks of the recorded run, standing at the batch that is shown. */
class RecordedClock {
  readonly options: Pick<PrinterOptions, 'now' | 'monotonicNs' | 'architecture'>;
  #nowNs: bigint;
  #firstNs: bigint | undefined;

  constructor(header: RecordingHeader) {
    this.#nowNs = BigInt(header.realtimeNs);
    const bootNs = BigInt(header.realtimeNs) - BigInt(header.monotonicNs);
    this.options = {
      now: () => Number(this.#nowNs / 1_000_000n),
      monotonicNs: () => this.#nowNs - bootNs,
      architecture: ARCHITECTURES.find((name) => name === header.machine),
    };
  }

  get spanMs(): number {
    const spanNs = this.#nowNs - (this.#firstNs ?? this.#nowNs);
    return spanNs > 0n ? Number(spanNs / 1_000_000n) : 0;
  }

  /** The latest time that a Date can hold is 8.64e15 ms. */
  set(timeNs: bigint): void {
    this.#nowNs = timeNs;
    this.#firstNs ??= timeNs;
  }
}
