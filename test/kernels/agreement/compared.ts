import type { Verdict } from '@ebpm/runner';

/** What check said of an object, and what the kernel then did. */
export interface Compared {
  readonly name: string;
  readonly verdict: Verdict;
  /** What stands against it, or is not known. */
  readonly reasons: readonly string[];
  /** Arguments that it takes for something else than the kernel passes. */
  readonly warned: readonly string[];
  /** Why it could not be loaded and attached; undefined where it could. */
  readonly error: string | undefined;
  /** Milliseconds of both. */
  readonly times: readonly number[];
}
