import type { SessionEnd } from '../session/first-end.js';

/**
 * What a session received and what it lost. It is complete when everything that the programs gave to their event maps was
 * shown, and no run of a program was left out.
 */
export interface Ledger {
  /** The package's name. */
  readonly package: string;
  readonly ended: SessionEnd;
  readonly durationMs: number;
  readonly complete: boolean | 'unknown';
  /** Why it is not complete, or why that is not known; empty when it is. */
  readonly why: readonly LedgerReason[];
  /** Records taken out of the buffers, and entries of sampled maps. */
  readonly received: number;
  /** Of them, what was shown; for a WASM module, what it has shown of its own making. */
  readonly shown: number;
  readonly streams: readonly LedgerStream[];
  readonly programs: readonly LedgerProgram[];
  /** Maps that refuse entries when they are full. */
  readonly maps: readonly LedgerMap[];
}

/** One stream of a session. */
export interface LedgerStream {
  readonly name: string;
  readonly kind: 'ring buffer' | 'perf buffer' | 'other';
  readonly received: number;
  /** Null for a WASM module, which makes something of its own of them. */
  readonly shown: number | null;
  /** Events that did not fit into the buffer; null where nobody counts them. */
  readonly lost: number | null;
  /** Records that were shorter than their type. */
  readonly malformed: number;
  /** Batches that were given up in the middle, because a record's header made no sense. */
  readonly broken: number;
  /** The most bytes that were found waiting when the buffer was read: a lower bound. Null for what has no buffer. */
  readonly highWaterBytes: number | null;
  readonly capacityBytes: number | null;
}

/** One attached program. */
export interface LedgerProgram {
  readonly name: string;
  /** Runs that the kernel left out because a program was running on that CPU already. */
  readonly recursionMisses: number;
  /** Hits of a kprobe that did not reach the program. */
  readonly missedHits: number;
  /** Whether the two are all that this kernel left out. */
  readonly countsEveryMiss: boolean;
  /** Null unless run statistics were on. */
  readonly runs: number | null;
  readonly runTimeNs: number | null;
}

/** A map that programs put entries into. */
export interface LedgerMap {
  readonly name: string;
  /** Entries that it refused for want of room; null where nobody counted. */
  readonly refused: number | null;
  /** Whether it was full at the end; null where that was not looked at. */
  readonly full: boolean | null;
}

/** Why a ledger is not complete, as data. */
export type LedgerReason =
  /** Losses. */
  | { readonly kind: 'events-refused'; readonly map: string; readonly buffer: string; readonly count: number }
  | { readonly kind: 'entries-refused'; readonly map: string; readonly count: number }
  | { readonly kind: 'malformed'; readonly stream: string; readonly count: number }
  | { readonly kind: 'broken'; readonly stream: string; readonly count: number }
  | { readonly kind: 'runs-missed'; readonly program: string; readonly count: number }
  /** What is not known. */
  | { readonly kind: 'not-read'; readonly map: string; readonly buffer: string }
  | { readonly kind: 'refusals-not-counted'; readonly map: string }
  | { readonly kind: 'refusals-uncountable'; readonly map: string; readonly reason: string }
  | { readonly kind: 'refusals-half-counted'; readonly count: number }
  | { readonly kind: 'perf-losses-late'; readonly map: string }
  | { readonly kind: 'map-full'; readonly map: string }
  | { readonly kind: 'misses-not-counted'; readonly programs: readonly string[] };
