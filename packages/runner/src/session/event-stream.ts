import { createPrinter } from '@ebpm/events';
import type { RunningObject } from '@ebpm/loader';
import type { RunnablePackage } from '../runnable-package.js';
import { type EventSource, eventSources } from './event-source.js';
import type { Stream, StreamContext, StreamPlan } from './stream.js';

/**
 * A stream for each ring buffer or perf event array whose events a package shows.
 *
 * @throws the codes of `eventSources`
 */
export function planEventStreams(pkg: RunnablePackage): readonly StreamPlan[] {
  return eventSources(pkg).map((source) => ({
    name: source.map.name,
    open: (running, context) => openEventStream(running, source, context),
  }));
}

function openEventStream(running: RunningObject, source: EventSource, context: StreamContext): Stream {
  const { output, write, limit } = context;
  const { name } = source.map;
  const printer = createPrinter(output, source.type);
  const header = printer.header();
  if (header !== undefined) write(header);
  const consumer = running.consume(name, (batch) => {
    const before = printer.counts.printed;
    const text = printer.print(batch, limit.left);
    if (text.length > 0) write(text);
    limit.take(printer.counts.printed - before);
  });
  return {
    name,
    done: consumer.done,
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
