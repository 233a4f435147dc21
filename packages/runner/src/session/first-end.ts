/** Why a session ended: its time was up, the wanted events were printed, it was told to, nothing more will come, or its
 * programs took too much of the processor. */
export type SessionEnd = 'duration' | 'events' | 'signal' | 'done' | 'budget';

/** What may end a session. */
export interface Ends {
  /** Milliseconds; default: never. */
  readonly durationMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Resolves when enough events were printed. */
  readonly enough: Promise<void>;
  /** Resolves when the programs have taken more time than they may. */
  readonly overBudget: Promise<void>;
  /** Of each stream; one that rejects ends the session with its reason. None: the session waits for something else. */
  readonly streams: readonly Promise<void>[];
}

/** Waits for whatever comes first, and keeps the process alive meanwhile. */
export async function firstEnd({ durationMs, signal, enough, overBudget, streams }: Ends): Promise<SessionEnd> {
  const cleanup = new AbortController();
  const ends: Promise<SessionEnd>[] = [
    aborted(signal, cleanup.signal).then(() => 'signal'),
    enough.then(() => 'events'),
    overBudget.then(() => 'budget'),
    timer(durationMs, cleanup.signal).then(() => 'duration'),
  ];
  if (streams.length > 0) ends.push(Promise.all(streams).then(() => 'done'));
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
