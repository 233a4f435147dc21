import { type Architecture, createPrinter, type Printer, type PrinterKind, type PrinterOptions } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import { sampledPrinter } from '../session/sampled-map.js';
import { takeTurns } from '../session/take-turns.js';
import { readRecording } from './read-recording.js';
import type { RecordedStream } from './recorded-stream.js';
import type { RecordingHeader } from './recording-format.js';

/** How a recording is shown. */
export interface ReplayOptions {
  /** What the recording is called in errors. */
  readonly source: string;
  readonly output: PrinterKind;
  readonly printing?: PrinterOptions | undefined;
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
}

/** What came of one recorded stream. */
export interface ReplayedStream {
  readonly name: string;
  readonly received: number;
  readonly shown: number;
  readonly malformed: number;
  readonly broken: number;
}

/**
 * Shows a recording as its run would have been shown, with the times at which events arrived. It needs no privilege and no kernel.
 * What can be read before a damage is shown.
 *
 * @throws EBPM_RECORDING_INVALID, the codes of `createPrinter`
 */
export async function replay(chunks: AsyncIterable<Uint8Array>, options: ReplayOptions): Promise<ReplayResult> {
  const { header, frames } = await readRecording(chunks, options.source);
  const clock = new RecordedClock(header);
  const described: RecordedStream[] = [];
  let streams: readonly Replaying[] | undefined;
  const opened = (): readonly Replaying[] => {
    streams ??= openStreams(described, { ...options, printing: { ...options.printing, ...clock.options } });
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
  return { header, streams: opened().map((stream) => stream.totals()), durationMs: clock.spanMs, ledger, damage };
}

/** The printers of all streams; where there are several, each says what it prints, as in the run. */
function openStreams(
  described: readonly RecordedStream[],
  { output, printing, write }: ReplayOptions,
): readonly Replaying[] {
  const writeOf = described.length > 1 ? takeTurns(output, write) : () => write;
  return described.map((stream) => {
    const { name, type, sample } = stream;
    const printer =
      sample === undefined ? createPrinter(output, type, printing) : sampledPrinter({ type, sample }, output, printing);
    return new Replaying(stream, printer, writeOf(name));
  });
}

/** One stream and its printer. */
class Replaying {
  readonly #name: string;
  readonly #isSampled: boolean;
  readonly #printer: Printer;
  readonly #write: ReplayOptions['write'];
  /** When the block that is collected began, for printers that print in blocks. */
  #blockNs: bigint | undefined;

  constructor({ name, sample }: RecordedStream, printer: Printer, write: ReplayOptions['write']) {
    this.#name = name;
    this.#isSampled = sample !== undefined;
    this.#printer = printer;
    this.#write = write;
    const header = printer.header();
    if (header !== undefined) write(header);
  }

  /** How many were shown. A reading of a sampled map is a block, which ends with a batch without records. */
  show(bytes: Uint8Array, limit: number): number {
    const { flush } = this.#printer;
    if (this.#isSampled && bytes.length === 0) return flush === undefined ? 0 : this.#written(() => flush(limit));
    return this.#written(() => this.#printer.print({ bytes }, limit));
  }

  /** The same for a sorted block whose interval is over at that time. */
  showBlock(nowNs: bigint, limit: number): number {
    const { flush, intervalMs = 0 } = this.#printer;
    if (this.#isSampled) return 0;
    this.#blockNs ??= nowNs;
    if (flush === undefined || nowNs - this.#blockNs < BigInt(intervalMs) * 1_000_000n) return 0;
    this.#blockNs = nowNs;
    return this.#written(() => flush(limit));
  }

  /** The same for what was collected and not shown yet. */
  showRest(limit: number): number {
    const { flush } = this.#printer;
    return flush === undefined ? 0 : this.#written(() => flush(limit, true));
  }

  totals(): ReplayedStream {
    const { printed, filtered, malformed, broken } = this.#printer.counts;
    return { name: this.#name, received: printed + filtered + malformed, shown: printed, malformed, broken };
  }

  #written(print: () => Uint8Array): number {
    const before = this.#printer.counts.printed;
    const text = print();
    if (text.length > 0) this.#write(text);
    return this.#printer.counts.printed - before;
  }
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
