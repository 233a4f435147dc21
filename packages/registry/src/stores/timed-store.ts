import type { Clock } from '../clock.js';
import { STORE_LIMITS } from '../limits-log.js';
import type { Store } from './store.js';
import { StoreError } from './store-error.js';

/**
 * A store whose requests end: each is aborted after its limit and counts as ambiguous, for what was sent may still arrive.
 */
export function timedStore(store: Store, clock: Clock): Store {
  const timed = <T>(limitMs: number, what: string, signal: AbortSignal | undefined, request: Request<T>) =>
    withinLimit({ clock, limitMs, what: `${what} in "${store.name}"`, signal, request });
  const { createTimeoutMs, getTimeoutMs, blobTimeoutMs, listTimeoutMs, largeTimeoutMs } = STORE_LIMITS;
  return {
    name: store.name,
    create: (key, bytes, signal) =>
      timed(createTimeoutMs, `create "${key}"`, signal, (inner) => store.create(key, bytes, inner)),
    putBlob: (key, bytes, signal) =>
      timed(blobTimeoutMs, `write "${key}"`, signal, (inner) => store.putBlob(key, bytes, inner)),
    putFile: (key, path, signal) =>
      timed(largeTimeoutMs, `write "${key}"`, signal, (inner) => store.putFile(key, path, inner)),
    overwriteEntry: (key, bytes, signal) =>
      timed(createTimeoutMs, `write "${key}"`, signal, (inner) => store.overwriteEntry(key, bytes, inner)),
    get: (key, range, signal) =>
      timed(isBulk(key) ? blobTimeoutMs : getTimeoutMs, `read "${key}"`, signal, (inner) =>
        store.get(key, range, inner),
      ),
    list: (prefix, options) =>
      timed(listTimeoutMs, `list "${prefix}"`, options?.signal, (signal) => store.list(prefix, { ...options, signal })),
    head: (key, signal) => timed(getTimeoutMs, `look for "${key}"`, signal, (inner) => store.head(key, inner)),
    writtenAtMs: (key, signal) =>
      timed(getTimeoutMs, `look for "${key}"`, signal, (inner) => store.writtenAtMs(key, inner)),
    remove: (key, signal) => timed(getTimeoutMs, `remove "${key}"`, signal, (inner) => store.remove(key, inner)),
    // It is made here, nobody is asked.
    ...(store.presignedUrl !== undefined && { presignedUrl: store.presignedUrl }),
    clockOffsetMs: () => store.clockOffsetMs(),
    close: () => store.close(),
  };
}

/** Whether a GET may bring megabytes. */
function isBulk(key: string): boolean {
  return ['blobs/', 'segments/', 'snapshots/'].some((start) => key.startsWith(start));
}

type Request<T> = (signal: AbortSignal) => Promise<T>;

interface LimitedRequest<T> {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly what: string;
  readonly signal: AbortSignal | undefined;
  readonly request: Request<T>;
}

/** With callbacks: every request of a publish comes by here, and an abort that nobody needs is an error with its stack. */
function withinLimit<T>({ clock, limitMs, what, signal, request }: LimitedRequest<T>): Promise<T> {
  const given = new AbortController();
  // Not AbortSignal.any(): a caller's signal that lives as long as the process would remember every request.
  const giveUp = () => given.abort(signal?.reason);
  signal?.addEventListener('abort', giveUp);
  if (signal?.aborted === true) giveUp();
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(limitMs, () => {
      const error = new StoreError('ambiguous', `Cannot ${what}: no answer within ${limitMs} ms`);
      given.abort(error);
      end();
      reject(error);
    });
    const end = () => {
      cancel();
      signal?.removeEventListener('abort', giveUp);
    };
    request(given.signal).then(
      (answer) => {
        end();
        resolve(answer);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}
