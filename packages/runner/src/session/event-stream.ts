import { createPrinter, FoldedStacks, type Printer, type Symbolizer, stackPrinter } from '@ebpm/events';
import type { RunningObject } from '@ebpm/loader';
import type { RecordedStacks } from '../record/stack-recorder.js';
import type { RunnablePackage } from '../runnable-package.js';
import { NO_SYMBOLS } from '../symbols/open-symbolizer.js';
import { type EventSource, type EventStacks, eventSources } from './event-source.js';
import { EventWriter } from './event-writer.js';
import { checkStackOptions, refuseFolding, stackOutput } from './stack-output.js';
import type { Stream, StreamContext, StreamOptions, StreamPlan } from './stream.js';

/**
 * A stream for each ring buffer or perf event array whose events a package shows.
 *
 * @throws the codes of `eventSources` and of `createPrinter`, EBPM_STACKS_MISSING, EBPM_STACKS_WHOLE
 */
export function planEventStreams(pkg: RunnablePackage, options: StreamOptions): readonly StreamPlan[] {
  return eventSources(pkg).map((source) => {
    if (source.stacks === undefined) refuseFolding(source.map.name, options);
    const printer = plainPrinter(source, options);
    if (printer === undefined && source.stacks !== undefined) {
      checkStackOptions(source.map.name, source.stacks.reader.rest, options);
    }
    return {
      name: source.map.name,
      open: (running, context) => openEventStream(running, { source, printer }, context),
    };
  });
}

/** What an event stream shows, and how. */
interface Showing {
  readonly source: EventSource;
  /** undefined where stacks are shown, which need symbols. */
  readonly printer: Printer | undefined;
}

function openEventStream(running: RunningObject, showing: Showing, context: StreamContext): Stream {
  const { source } = showing;
  const { name } = source.map;
  const stacks = context.foldStacks ? new FoldedStacks() : undefined;
  const printer = showing.printer ?? stacksPrinter(source, stacks, context);
  const writer = new EventWriter(printer, context);
  const record = context.recorder?.stream(name, source.type, recordedStacks(source, context));
  const consumer = running.consume(name, (batch) => {
    record?.(batch.bytes);
    writer.write(batch);
  });
  return {
    name,
    done: consumer.done,
    stacks,
    totals: () => ({
      name,
      events: printer.counts.printed,
      malformed: printer.counts.malformed,
      lost: source.countsLosses ? consumer.lost : undefined,
      buffer: {
        kind: source.countsLosses ? 'perf buffer' : 'ring buffer',
        received: consumer.received,
        broken: printer.counts.broken,
        ...consumer.buffer,
      },
    }),
    pause: () => consumer.pause(),
    resume: () => consumer.resume(),
    close: () => {
      consumer.drain();
      consumer.close();
      writer.close();
    },
  };
}

function plainPrinter({ type, stacks }: EventSource, { output, printing }: StreamOptions): Printer | undefined {
  if (stacks !== undefined && stackOutput(output) !== undefined) return undefined;
  if (output === 'folded') throw new TypeError('Only stacks can be folded');
  return createPrinter(output, type, printing);
}

function stacksPrinter({ stacks }: EventSource, folded: FoldedStacks | undefined, context: StreamContext): Printer {
  const output = stackOutput(context.output);
  if (stacks === undefined || output === undefined) throw new TypeError('Only stacks are named');
  const symbolizer = symbolizerOf(stacks, context);
  return stackPrinter({ reader: stacks.reader, symbolizer, output, folded, options: context.printing });
}

function recordedStacks({ stacks }: EventSource, context: StreamContext): RecordedStacks | undefined {
  if (stacks === undefined) return undefined;
  return { look: { kind: 'embedded', fields: stacks.fields }, symbolizer: symbolizerOf(stacks, context) };
}

function symbolizerOf({ withSymbols }: EventStacks, { symbolizer }: StreamContext): Symbolizer {
  return withSymbols ? symbolizer() : NO_SYMBOLS;
}
