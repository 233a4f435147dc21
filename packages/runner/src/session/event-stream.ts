import { createPrinter, FoldedStacks, type Printer, stackPrinter } from '@ebpm/events';
import type { RunningObject } from '@ebpm/loader';
import type { RunnablePackage } from '../runnable-package.js';
import { NO_SYMBOLS } from '../symbols/open-symbolizer.js';
import { type EventSource, eventSources } from './event-source.js';
import { refuseFolding, stackOutput } from './stack-output.js';
import type { Stream, StreamContext, StreamOptions, StreamPlan } from './stream.js';

/**
 * A stream for each ring buffer or perf event array whose events a package shows.
 *
 * @throws the codes of `eventSources`, EBPM_STACKS_MISSING
 */
export function planEventStreams(pkg: RunnablePackage, options: StreamOptions): readonly StreamPlan[] {
  return eventSources(pkg).map((source) => {
    if (source.stacks === undefined) refuseFolding(source.map.name, options);
    return { name: source.map.name, open: (running, context) => openEventStream(running, source, context) };
  });
}

function openEventStream(running: RunningObject, source: EventSource, context: StreamContext): Stream {
  const { write, limit, recorder } = context;
  const { name } = source.map;
  const stacks = context.foldStacks ? new FoldedStacks() : undefined;
  const printer = printerOf(source, stacks, context);
  const header = printer.header();
  if (header !== undefined) write(header);
  const record = recorder?.stream(name, source.type);
  const consumer = running.consume(name, (batch) => {
    record?.(batch.bytes);
    const before = printer.counts.printed;
    const text = printer.print(batch, limit.left);
    if (text.length > 0) write(text);
    limit.take(printer.counts.printed - before);
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
    close: () => {
      consumer.drain();
      consumer.close();
    },
  };
}

function printerOf({ type, stacks }: EventSource, folded: FoldedStacks | undefined, context: StreamContext): Printer {
  const output = stackOutput(context.output);
  if (stacks !== undefined && output !== undefined) {
    const symbolizer = stacks.withSymbols ? context.symbolizer() : NO_SYMBOLS;
    return stackPrinter({ reader: stacks.reader, symbolizer, output, folded });
  }
  if (context.output === 'folded') throw new TypeError('Only stacks can be folded');
  return createPrinter(context.output, type);
}
