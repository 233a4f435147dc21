/** A day of 24 hours. */
export const DAY_MS = 86_400_000;

/** Time, passed in so that tests can move it. */
export interface Clock {
  /** The wall clock, in milliseconds since 1970. It may jump. */
  nowMs(): number;
  /** A clock that never jumps and starts anywhere, in milliseconds: for lengths of time. */
  elapsedMs(): number;
  /** Calls `act` after `ms` milliseconds, unless the function that it gives was called before. */
  after(ms: number, act: () => void): () => void;
  /** Waits `ms` milliseconds, or until the signal aborts; it resolves in both cases and never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  sleep,
};

/** Not the one of node:timers/promises: one that ends early is no error here. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
    if (signal?.aborted === true) end();
  });
}
