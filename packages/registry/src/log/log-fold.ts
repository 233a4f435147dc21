import type { EbpmError } from '@ebpm/formats';
import type { Entry, Position } from './entry.js';
import type { Op } from './op.js';

/** Where a fold is, and in which log: `identity` is the hash of entry 1. */
export interface FoldPosition extends Position {
  readonly identity: string;
}

/** What a fold says of an operation that is to be committed. */
export type Verdict =
  /** It may be written. */
  | { readonly kind: 'accept' }
  /** The same was done by entry `seq`: a success, and nothing is written. */
  | { readonly kind: 'already'; readonly seq: number }
  /** The same is asked for by the operation at `index` of this very call: it shares that one's fate. */
  | { readonly kind: 'same'; readonly index: number }
  /** The rules forbid it. */
  | { readonly kind: 'refuse'; readonly error: EbpmError };

/** The state that a log's entries add up to. All its methods are synchronous: nothing happens between a check and its answer. */
export interface LogFold {
  /** The last entry applied, if any. A log asks once, when it opens, and goes on from there. */
  position(): FoldPosition | undefined;

  /** Forgets everything: what was kept belongs to another log. */
  reset(): void;

  /**
   * Applies entries, in order, each exactly once, all or none of them. It is total: an operation that the rules forbid is void
   * and changes nothing. It throws only when this machine fails; the log then stops, but after a StoreError it gives it the same
   * entries again.
   */
  apply(entries: readonly Entry[]): void;

  /**
   * Judges operations one after another on the state after the last applied entry, each as if the accepted ones before it in
   * this call had been applied. It changes nothing.
   */
  check(ops: readonly Op[]): readonly Verdict[];
}
