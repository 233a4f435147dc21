import {
  FoldedStacks,
  frameRecords,
  mappedStacks,
  type Printer,
  type PrinterKind,
  type StackOutput,
  stackPrinter,
  sumCpuValues,
  type ValueType,
} from '@ebpm/events';
import type { MapEntry, RunningObject } from '@ebpm/loader';
import { LONGEST_SAMPLE_MS, SHORTEST_SAMPLE_MS } from '../limits.js';
import type { RecordBatchBytes } from '../record/recorder.js';
import type { RecordedStacks } from '../record/stack-recorder.js';
import type { RunnablePackage } from '../runnable-package.js';
import { type SampledMap, sampledMaps, sampledPrinter } from './sampled-map.js';
import { StackMaps, stackMapsOf } from './stack-maps.js';
import { checkStackOptions, refuseFolding, stackOutput } from './stack-output.js';
import type { OutputKind, Stream, StreamContext, StreamOptions, StreamPlan } from './stream.js';
import { TimedTurns } from './timed-turns.js';

/**
 * A stream for each map that a package samples.
 *
 * @throws the codes of `sampledMaps` and `sampledPrinter`, EBPM_STACKS_MISSING, EBPM_STACKS_WHOLE
 */
export function planSampleStreams(pkg: RunnablePackage, options: StreamOptions): readonly StreamPlan[] {
  const stackMaps = stackMapsOf(pkg.object.maps).map(({ name }) => name);
  return sampledMaps(pkg, options).map((sampled) => {
    const { name } = sampled.map;
    const reader = stackMaps.length > 0 ? mappedStacks(sampled.type, () => undefined) : undefined;
    if (reader !== undefined) {
      if (stackOutput(options.output) !== undefined) checkStackOptions(name, reader.rest, options);
      return { name, open: (running, context) => openStacks(running, { sampled, stackMaps }, context) };
    }
    refuseFolding(name, options);
    const printer = sampledPrinter(sampled, numbersOnly(options.output), options.printing);
    return { name, open: (running, context) => new SampleStream(running, { sampled, printer }, context) };
  });
}

/** A sampled map whose entries have the ids of stacks. */
interface StackSampling {
  readonly sampled: SampledMap;
  /** Names of the maps with the stacks. */
  readonly stackMaps: readonly string[];
}

function openStacks(running: RunningObject, { sampled, stackMaps }: StackSampling, context: StreamContext): Stream {
  const maps = new StackMaps(running, stackMaps);
  const clear = sampled.sample.clear_map ?? false;
  const stacks = context.foldStacks ? new FoldedStacks() : undefined;
  const shown = stackOutput(context.output);
  const printer =
    shown === undefined
      ? sampledPrinter(sampled, numbersOnly(context.output), context.printing)
      : mappedStackPrinter(sampled, { output: shown, maps, folded: stacks }, context);
  const recorded: RecordedStacks | undefined =
    context.recorder === undefined
      ? undefined
      : { look: { kind: 'mapped', clear }, symbolizer: context.symbolizer(), stackOf: maps.stackOf };
  const afterRead = () => {
    if (shown !== undefined || recorded !== undefined) maps.read(clear);
    // Where nothing is cleared, each reading has all counts since the start.
    if (!clear) stacks?.clear();
  };
  return new SampleStream(running, { sampled, printer, stacks, afterRead, recorded }, context);
}

function mappedStackPrinter(
  { type }: SampledMap,
  { maps, output, folded }: { maps: StackMaps; output: StackOutput; folded: FoldedStacks | undefined },
  { symbolizer, printing }: StreamContext,
): Printer {
  const reader = mappedStacks(type, maps.stackOf);
  if (reader === undefined) throw new TypeError('Only entries with stacks are shown with them');
  return stackPrinter({ reader, symbolizer: symbolizer(), output, folded, options: printing });
}

function numbersOnly(output: OutputKind): PrinterKind {
  if (output === 'folded') throw new TypeError('Only stacks can be folded');
  return output;
}

/** What a `SampleStream` shows, and how. */
interface Sampling {
  readonly sampled: SampledMap;
  readonly printer: Printer;
  readonly stacks?: FoldedStacks | undefined;
  /** Called when the entries of a round have been read, before they are printed. */
  readonly afterRead?: () => void;
  /** What a recording needs of its stacks, if there is one and it has some. */
  readonly recorded?: RecordedStacks | undefined;
}

/** Reads a map at its interval and prints its entries; a last time when it is closed. */
class SampleStream implements Stream {
  readonly name: string;
  readonly done: Promise<void>;
  readonly stacks: FoldedStacks | undefined;
  readonly #running: RunningObject;
  readonly #sampling: Sampling;
  readonly #context: StreamContext;
  readonly #record: RecordBatchBytes | undefined;
  readonly #turns: TimedTurns;

  constructor(running: RunningObject, sampling: Sampling, context: StreamContext) {
    this.name = sampling.sampled.map.name;
    this.stacks = sampling.stacks;
    this.#running = running;
    this.#sampling = sampling;
    this.#context = context;
    const { type, sample } = sampling.sampled;
    this.#record = context.recorder?.sampledStream(this.name, type, sample, sampling.recorded);
    const header = sampling.printer.header();
    if (header !== undefined) context.write(header);
    this.#turns = new TimedTurns(intervalMs(sampling.sampled), () => this.#round());
    this.done = this.#turns.done;
  }

  totals() {
    const { printed, malformed } = this.#sampling.printer.counts;
    return { name: this.name, events: printed, malformed, lost: undefined };
  }

  pause(): void {
    this.#turns.pause();
  }

  resume(): void {
    this.#turns.resume();
  }

  close(): void {
    if (this.#turns.end()) this.#round();
  }

  #round(): void {
    const { sampled, printer } = this.#sampling;
    const { limit, write } = this.#context;
    if (limit.left <= 0) return;
    const entries = this.#running.readMap(this.name, { clear: sampled.sample.clear_map ?? false });
    this.#sampling.afterRead?.();
    const before = printer.counts.printed;
    const batch = frameRecords(entries.flatMap((entry) => records(entry, sampled)));
    this.#record?.(batch.bytes);
    const text = printer.print(batch, limit.left);
    if (text.length > 0) write(text);
    // Each round is a block: what is to be sorted has all come.
    const block = printer.flush?.(limit.left);
    if (block !== undefined && block.length > 0) write(block);
    limit.take(printer.counts.printed - before);
  }
}

/** One record of an entry; one for each CPU that has a value other than zero, where the type has a CPU. */
function records({ key, value }: MapEntry, sampled: SampledMap): readonly (readonly Uint8Array[])[] {
  if (!sampled.perCpu) return [[key, value]];
  const values = cpuValues(value, sampled.map.valueSizeBytes);
  const [, valueField, cpuField] = sampled.type.fields;
  if (cpuField === undefined) return [[key, sumCpuValues(valueField?.type ?? NOTHING, values)]];
  return values.flatMap((own, cpu) =>
    own.some((byte) => byte !== 0) ? [[key, own, new Uint8Array(Uint32Array.of(cpu).buffer)]] : [],
  );
}

const NOTHING: ValueType = { kind: 'struct', sizeBytes: 0, fields: [] };

/** The values of all possible CPUs, which stand one after another, each padded to 8 bytes. */
function cpuValues(value: Uint8Array, sizeBytes: number): readonly Uint8Array[] {
  const strideBytes = Math.ceil(sizeBytes / 8) * 8;
  return Array.from({ length: value.length / strideBytes }, (_, cpu) =>
    value.subarray(cpu * strideBytes, cpu * strideBytes + sizeBytes),
  );
}

function intervalMs({ sample }: SampledMap): number {
  return Math.min(Math.max(sample.interval, SHORTEST_SAMPLE_MS), LONGEST_SAMPLE_MS);
}
