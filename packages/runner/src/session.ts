import { createPrinter, type PrinterKind } from '@ebpm/events';
import { openObject, type RunningObject } from '@ebpm/loader';
import { applyValues } from './arguments/apply-values.js';
import type { VariableValue } from './arguments/parse-program-arguments.js';
import { type EventSource, eventSource } from './event-source.js';
import type { RunnablePackage } from './runnable-package.js';

/** What a session is told. */
export interface SessionOptions {
  readonly output: PrinterKind;
  readonly values: readonly VariableValue[];
  /** Takes the output, bytes or text, synchronously: the bytes are reused afterwards. */
  readonly write: (chunk: Uint8Array | string) => void;
  /** Called once every program is attached. */
  readonly onAttached?: (attached: Attached) => void;
  /** Milliseconds after which the session ends; default: never. */
  readonly durationMs?: number | undefined;
  /** Events after which the session ends; default: never. */
  readonly maxEvents?: number | undefined;
  /** A file with the BTF of this kernel, instead of the kernel's own. */
  readonly btfPath?: string | undefined;
  /** Ends the session cleanly. */
  readonly signal?: AbortSignal | undefined;
}

/** What runs now. */
export interface Attached {
  readonly programs: readonly string[];
}

/** How a session went. */
export interface SessionResult {
  readonly ended: 'duration' | 'events' | 'signal';
  /** Events printed. */
  readonly events: number;
  /** Records that were shorter than their type. */
  readonly malformed: number;
  /** Events that the kernel dropped; undefined where it keeps no count (ring buffers). */
  readonly lost: bigint | undefined;
}

/**
 * Loads and attaches a package, prints its events until something ends it, and detaches.
 *
 * @throws the codes of the loader and of `eventSource`
 */
export async function runSession(pkg: RunnablePackage, options: SessionOptions): Promise<SessionResult> {
  const source = eventSource(pkg);
  const running = start(pkg, options);
  try {
    // First the reader, then the word that it runs: a perf buffer that nobody reads yet loses its events.
    const reader = source === undefined ? undefined : readEvents(running, source, options);
    options.onAttached?.({ programs: running.programs.map(({ name }) => name) });
    const ended = await firstEnd(reader, options);
    running.close();
    return { ended, ...(reader?.totals() ?? NO_EVENTS) };
  } finally {
    running.close();
  }
}

const NO_EVENTS = { events: 0, malformed: 0, lost: undefined };

function start(pkg: RunnablePackage, options: SessionOptions): RunningObject {
  const open = openObject(pkg.elf, {
    name: pkg.name,
    ...(options.btfPath === undefined ? {} : { btfPath: options.btfPath }),
  });
  try {
    applyValues(open, options.values);
    return open.load().attach();
  } finally {
    open.close();
  }
}

/** Reads and prints events until the object is closed, which prints what is still in the buffer. */
interface EventReader {
  /** Resolves when the last wanted event was printed; rejects when events cannot be read or written. */
  readonly done: Promise<void>;
  totals(): Pick<SessionResult, 'events' | 'malformed' | 'lost'>;
}

function readEvents(running: RunningObject, source: EventSource, options: SessionOptions): EventReader {
  const { write, maxEvents = Number.POSITIVE_INFINITY } = options;
  const printer = createPrinter(options.output, source.type);
  const header = printer.header();
  if (header !== undefined) write(header);
  let enough: () => void = () => {};
  const printedAll = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const consumer = running.consume(source.map.name, (batch) => {
    const text = printer.print(batch, maxEvents - printer.counts.printed);
    if (text.length > 0) write(text);
    if (printer.counts.printed >= maxEvents) enough();
  });
  return {
    done: Promise.race([printedAll, consumer.done]),
    totals: () => ({
      events: printer.counts.printed,
      malformed: printer.counts.malformed,
      lost: source.countsLosses ? consumer.lost : undefined,
    }),
  };
}

/** Waits for the first of: enough events, the duration, the signal; rejects when events cannot be read. */
async function firstEnd(reader: EventReader | undefined, options: SessionOptions): Promise<SessionResult['ended']> {
  const { durationMs, signal } = options;
  const cleanup = new AbortController();
  const ends: Promise<SessionResult['ended']>[] = [aborted(signal, cleanup.signal).then(() => 'signal')];
  if (reader !== undefined) ends.push(reader.done.then(() => 'events'));
  ends.push(timer(durationMs, cleanup.signal).then(() => 'duration'));
  try {
    return await Promise.race(ends);
  } finally {
    cleanup.abort();
  }
}

function aborted(signal: AbortSignal | undefined, cleanup: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true, signal: cleanup });
  });
}

/** Without a duration it never resolves, and still keeps the process alive until it is cleaned up. */
function timer(durationMs: number | undefined, cleanup: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const handle = durationMs === undefined ? setInterval(() => {}, LONGEST_MS) : setTimeout(resolve, durationMs);
    cleanup.addEventListener('abort', () => clearTimeout(handle), { once: true });
  });
}

/** Node's timers take at most this. */
const LONGEST_MS = 2 ** 31 - 1;
