import { createPrinter, FoldedStacks, type Printer, stackPrinter } from '@ebpm/events';
import { sampledPrinter } from '../session/sampled-map.js';
import { checkStackOptions, refuseFolding, stackOutput } from '../session/stack-output.js';
import type { StreamContext, StreamOptions } from '../session/stream.js';
import type { RecordedStream } from './recorded-stream.js';
import type { RecordedSymbols } from './recorded-symbols.js';
import { stackReaderOf } from './stack-look.js';

/** How a recorded stream is shown. */
export interface ReplayContext extends Omit<StreamOptions, 'perCpu'>, Pick<StreamContext, 'write'> {
  readonly symbols: RecordedSymbols;
}

/** What came of one recorded stream. */
export interface ReplayedStream {
  readonly name: string;
  readonly received: number;
  readonly shown: number;
  readonly malformed: number;
  readonly broken: number;
}

/** A recorded stream as its run showed it. */
export class ReplayStream {
  /** The stacks that it has added up, where that was wished for. */
  readonly stacks: FoldedStacks | undefined;
  readonly #recorded: RecordedStream;
  readonly #printer: Printer;
  readonly #write: ReplayContext['write'];
  /** When the block that is collected began, for printers that print in blocks. */
  #blockNs: bigint | undefined;
  #isWithinReading = false;

  /** Writes the header, if there is one. @throws the codes of `createPrinter`, EBPM_STACKS_MISSING, EBPM_STACKS_WHOLE */
  constructor(recorded: RecordedStream, context: ReplayContext) {
    this.#recorded = recorded;
    this.stacks = context.foldStacks ? new FoldedStacks() : undefined;
    this.#printer = printerOf(recorded, context, this.stacks);
    this.#write = context.write;
    const header = this.#printer.header();
    if (header !== undefined) context.write(header);
  }

  /** Shows a batch; gives how many were shown. A reading of a sampled map is a block, which ends with a batch without records. */
  show(bytes: Uint8Array, limit: number): number {
    const { sample, stacks } = this.#recorded;
    const { flush } = this.#printer;
    const endsReading = sample !== undefined && bytes.length === 0;
    // Where nothing is cleared, each reading has all counts since the start.
    if (!this.#isWithinReading && stacks?.kind === 'mapped' && !stacks.clear) this.stacks?.clear();
    this.#isWithinReading = !endsReading;
    if (endsReading) return flush === undefined ? 0 : this.#written(() => flush(limit));
    return this.#written(() => this.#printer.print({ bytes }, limit));
  }

  /** The same for a sorted block whose interval is over at that time. */
  showBlock(nowNs: bigint, limit: number): number {
    const { flush, intervalMs = 0 } = this.#printer;
    if (this.#recorded.sample !== undefined) return 0;
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
    return { name: this.#recorded.name, received: printed + filtered + malformed, shown: printed, malformed, broken };
  }

  #written(print: () => Uint8Array): number {
    const before = this.#printer.counts.printed;
    const text = print();
    if (text.length > 0) this.#write(text);
    return this.#printer.counts.printed - before;
  }
}

function printerOf(
  { id, name, type, sample, stacks }: RecordedStream,
  { output, printing, foldStacks, symbols }: ReplayContext,
  folded: FoldedStacks | undefined,
): Printer {
  const shown = stackOutput(output);
  const reader = stacks === undefined ? undefined : stackReaderOf(type, stacks, symbols.stackOf(id));
  if (reader === undefined) refuseFolding(name, { foldStacks });
  if (reader !== undefined && shown !== undefined) {
    checkStackOptions(name, reader.rest, { output, printing, foldStacks });
    return stackPrinter({ reader, symbolizer: symbols, output: shown, folded, options: printing });
  }
  if (output === 'folded') throw new TypeError('Only stacks can be folded');
  return sample === undefined
    ? createPrinter(output, type, printing)
    : sampledPrinter({ type, sample }, output, printing);
}
