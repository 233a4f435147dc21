import { setTimeout as sleepFor } from 'node:timers/promises';

/** A day of 24 hours. */
export const DAY_MS = 86_400_000;

/** Time, passed in so that tests can move it. */
export interface Clock {
  /** The wall clock, in milliseconds since 1970. It may jump. */
  nowMs(): number;
  /** A clock that never jumps and starts anywhere, in milliseconds: for lengths of time. */
  elapsedMs(): number;
  /** Waits `ms` milliseconds, or until the signal aborts; it resolves in both cases and never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  sleep: (ms, signal) => sleepFor(ms, undefined, signal === undefined ? {} : { signal }).catch(ignoreAbort),
};

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
