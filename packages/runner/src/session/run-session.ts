import { type FoldedStack, FoldedStacks, type PrinterOptions, type Symbolizer } from '@ebpm/events';
import type { Identity, LoadedObject, ProgramPlace, RunningObject, SkippedProgram } from '@ebpm/loader';
import type { Ledger } from '../ledger/ledger.js';
import { type LossOptions, LossWatch } from '../ledger/loss-watch.js';
import type { Recorder } from '../record/recorder.js';
import type { RunnablePackage } from '../runnable-package.js';
import { openSymbolizer } from '../symbols/open-symbolizer.js';
import { EventLimit } from './event-limit.js';
import { firstEnd, type SessionEnd } from './first-end.js';
import { LaterRights } from './later-rights.js';
import { planStreams } from './plan-streams.js';
import { type StartOptions, startObject } from './start-object.js';
import type { OutputKind, PerCpu, Stream, StreamTotals } from './stream.js';
import { takeTurns } from './take-turns.js';
import { unreadBuffers } from './unread-buffers.js';

/** What a session is told. */
export interface SessionOptions extends Omit<StartOptions, 'onLoaded'>, LossOptions {
  readonly output: OutputKind;
  /** What is shown of each event, and how; default: all of it. */
  readonly printing?: PrinterOptions | undefined;
  /** Adds up stacks for the result, as `folded` output does. Default: false. */
  readonly foldStacks?: boolean | undefined;
  /** What is done with the values of per-CPU maps; default: `sum`. */
  readonly perCpu?: PerCpu | undefined;
  /** Takes the output, bytes or text, synchronously: the bytes are reused afterwards. */
  readonly write: (chunk: Uint8Array | string) => void;
  /** Whom the process becomes in all its threads once every program is attached, for good; default: it stays who it is. */
  readonly becomes?: Identity | undefined;
  /** Called when everything is in the kernel and nothing is attached yet; what it throws ends the session. */
  readonly onLoaded?: (() => void) | undefined;
  /** Called when every program is attached and is read, and the process still has its rights. */
  readonly onStarted?: (() => void) | undefined;
  /** Called once every program is attached. */
  readonly onAttached?: (attached: Attached) => void;
  /** Keeps the raw events; default: nobody does. */
  readonly recorder?: Recorder | undefined;
  /** Milliseconds after which the session ends; default: never. */
  readonly durationMs?: number | undefined;
  /** Events after which the session ends; default: never. */
  readonly maxEvents?: number | undefined;
  /** Ends the session cleanly. */
  readonly signal?: AbortSignal | undefined;
}

/** What runs now, and how it is held. */
export interface Attached {
  /** Nothing is read and printed until `resume`; the programs stay attached. Each is safe to call twice. */
  pause(): void;
  resume(): void;
  totals(): readonly StreamTotals[];
  readonly programs: readonly string[];
  /** Who the process is from now on; undefined when that has not changed. */
  readonly identity: Identity | undefined;
  /** Where they are attached, and what is not as was asked for. */
  readonly places: readonly ProgramPlace[];
  /** Those that do not run, and why. With any of them the run is degraded. */
  readonly skipped: readonly SkippedProgram[];
}

/** How a session went. */
export interface SessionResult {
  readonly ended: SessionEnd;
  readonly streams: readonly StreamTotals[];
  readonly ledger: Ledger;
  /** What was seen, added up; empty unless that was wished for. */
  readonly stacks: readonly FoldedStack[];
}

/**
 * Loads and attaches a package, prints what its streams bring until something ends it, and detaches.
 *
 * @throws the codes of the loader, of `planStreams`, and EBPM_PRIVILEGES_KEPT
 */
export async function runSession(pkg: RunnablePackage, options: SessionOptions): Promise<SessionResult> {
  const { output, printing = {}, perCpu = 'sum', foldStacks = output === 'folded' } = options;
  const shown = { output, printing, perCpu, foldStacks };
  const plans = planStreams(pkg, shown);
  const limit = new EventLimit(options.maxEvents);
  const rights = new LaterRights(options.becomes);
  const watch = new LossWatch(options);
  let running: RunningObject | undefined;
  let streams: readonly Stream[] = [];
  try {
    const onLoaded = (loaded: LoadedObject) => {
      rights.dropOtherThreads();
      watch.beforeAttach(loaded);
      options.onLoaded?.();
    };
    const started = startObject(pkg, { ...options, onLoaded });
    running = started.running;
    rights.entrust(running);
    // First the readers, then the word that it runs: a perf buffer that nobody reads yet loses its events.
    const opened = running;
    const { write, recorder } = options;
    const symbolizer = onFirstCall(() => openSymbolizer(rights.processFiles()));
    const context = {
      ...shown,
      write,
      limit,
      recorder,
      symbolizer,
      entrustFolder: (path: string) => rights.entrustFolder(path),
    };
    const writeOf = plans.length > 1 ? takeTurns(output, write) : () => write;
    streams = plans.map((plan) => plan.open(opened, { ...context, write: writeOf(plan.name) }));
    const unread = unreadBuffers(
      pkg,
      plans.map(({ name }) => name),
    );
    watch.begin({ running, streams, unread });
    options.onStarted?.();
    rights.drop();
    options.onAttached?.(attachedOf(running, streams, { identity: rights.identity, skipped: started.skipped }));
    const ended = await firstEnd({
      ...options,
      enough: limit.reached,
      overBudget: watch.overBudget,
      streams: streams.map(({ done }) => done),
    });
    finish(running, streams, watch);
    const stacks = addedUp(streams);
    if (output === 'folded') options.write(stacks.text());
    return {
      ended,
      streams: streams.map((stream) => stream.totals()),
      ledger: watch.ledger(pkg.name, ended),
      stacks: stacks.list(),
    };
  } finally {
    for (const stream of streams) stream.close();
    running?.close();
    watch.close();
    rights.close();
  }
}

function attachedOf(
  running: RunningObject,
  streams: readonly Stream[],
  about: Pick<Attached, 'identity' | 'skipped'>,
): Attached {
  return {
    programs: running.programs.map(({ name }) => name),
    ...about,
    places: running.places,
    pause: () => {
      for (const stream of streams) stream.pause?.();
    },
    resume: () => {
      for (const stream of streams) stream.resume?.();
    },
    totals: () => streams.map((stream) => stream.totals()),
  };
}

/** What the programs have sent until now is printed. They are gone a moment later, and nobody sees what they send meanwhile. */
function finish(running: RunningObject, streams: readonly Stream[], watch: LossWatch): void {
  running.detachLater();
  watch.afterDetach();
  for (const stream of streams) stream.close();
}

function addedUp(streams: readonly Stream[]): FoldedStacks {
  const sum = new FoldedStacks();
  for (const { stacks } of streams) sum.addAll(stacks?.list() ?? []);
  return sum;
}

function onFirstCall(open: () => Symbolizer): () => Symbolizer {
  let opened: Symbolizer | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}
