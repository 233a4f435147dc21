import { createPrinter } from '@ebpm/events';
import type { RunningObject } from '@ebpm/loader';
import type { RunnablePackage } from '../runnable-package.js';
import { type EventSource, eventSource } from './event-source.js';
import type { Stream, StreamContext, StreamPlan } from './stream.js';

/**
 * The stream of a package's ring buffer or perf event array; none when it has neither.
 *
 * @throws the codes of `eventSource`
 */
export function planEventStreams(pkg: RunnablePackage): readonly StreamPlan[] {
  const source = eventSource(pkg);
  if (source === undefined) return [];
  return [{ name: source.map.name, open: (running, context) => openEventStream(running, source, context) }];
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
    }),
    close: () => {
      consumer.drain();
      consumer.close();
    },
  };
}
