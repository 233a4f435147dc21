/** What may end a run early: a time limit or the caller. */
export interface Stop {
  /** Rejects when the time is up or the caller aborts; never settles otherwise. */
  readonly stopped: Promise<never>;
  /** Counts `limitMs` from now, instead of what was counted before; undefined counts nothing. */
  limit(limitMs: number | undefined, error: () => Error): void;
  /** Forgets timer and signal; safe to call twice. */
  close(): void;
}

/** Makes a stop that rejects with the signal's reason, or with the error of the time limit that was set last. */
export function createStop(signal: AbortSignal | undefined): Stop {
  let reject: (reason: unknown) => void = () => {};
  const stopped = new Promise<never>((_, rejectStopped) => {
    reject = rejectStopped;
  });
  let timer: NodeJS.Timeout | undefined;
  const abort = (): void => reject(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return {
    stopped,
    limit(limitMs, error) {
      clearTimeout(timer);
      timer = limitMs === undefined ? undefined : setTimeout(() => reject(error()), limitMs);
    },
    close() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}
