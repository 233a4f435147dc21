import type { FoldedStacks, PrinterKind, PrinterOptions, Symbolizer } from '@ebpm/events';
import type { BufferCounts, RunningObject } from '@ebpm/loader';
import type { Recorder } from '../record/recorder.js';
import type { EventLimit } from './event-limit.js';

/** One flow of output of a running package, such as the events of one map. */
export interface Stream {
  /** The map or program that it shows. */
  readonly name: string;
  /** Resolves when nothing more will come, rejects when it cannot be read or written. */
  readonly done: Promise<void>;
  /** The stacks that it has added up, where that was wished for. */
  readonly stacks?: FoldedStacks | undefined;
  totals(): StreamTotals;
  /** Reads and prints nothing until `resume`. Each is safe to call twice; absent where all comes at once. */
  pause?(): void;
  resume?(): void;
  /** Prints what is left and stops. The programs are detached by then, the maps are still there. Safe to call twice. */
  close(): void;
}

/** What a stream has seen so far. */
export interface StreamTotals {
  readonly name: string;
  /** Events printed. */
  readonly events: number;
  /** Records that were shorter than their type. */
  readonly malformed: number;
  /** Events that the kernel dropped; undefined where it keeps no count (ring buffers). */
  readonly lost: bigint | undefined;
  /** Of the buffer that it reads; absent where it reads none. */
  readonly buffer?: StreamBuffer;
}

/** The buffer between the programs and a stream. */
export interface StreamBuffer extends BufferCounts {
  readonly kind: 'ring buffer' | 'perf buffer';
  /** Records taken out of it, shown or not. */
  readonly received: number;
  /** Batches that were given up in the middle. */
  readonly broken: number;
}

/** A stream that is known before anything is loaded: what is wrong with it is said then. */
export interface StreamPlan {
  readonly name: string;
  /** Starts it, right after the programs are attached. */
  open(running: RunningObject, context: StreamContext): Stream;
}

/** How the streams of a session are shown. */
export interface StreamOptions {
  readonly output: OutputKind;
  /** What is shown of each event, and how. */
  readonly printing: PrinterOptions;
  /** Whether stacks are added up: for `folded`, and for flame graphs. */
  readonly foldStacks: boolean;
  /** Whether the values of a per-CPU map are added up or shown one by one. */
  readonly perCpu: PerCpu;
}

/** A format for single events, or the sums of their stacks, which are printed at the end. */
export type OutputKind = PrinterKind | 'folded';

/** What is done with the values of a per-CPU map. */
export type PerCpu = 'sum' | 'split';

/** What all streams of a session share. */
export interface StreamContext extends StreamOptions {
  /** Names addresses. The first call reads the kernel's symbols, so it is made before privileges are given up. */
  readonly symbolizer: () => Symbolizer;
  /** Has a folder removed at the end that can only be removed with privilege. */
  readonly entrustFolder: (path: string) => void;
  /** Takes the output, bytes or text, synchronously: the bytes are reused afterwards. */
  readonly write: (chunk: Uint8Array | string) => void;
  readonly limit: EventLimit;
  /** Keeps what comes; undefined when nobody asked for it. */
  readonly recorder: Recorder | undefined;
}
