import type { Clock } from '../../src/clock.js';
import type { Store } from '../../src/stores/store.js';

/** How long requests take, in milliseconds: half of it on the way, half on the way back. */
export interface Latency {
  readonly readMs: number;
  readonly createMs: number;
}

/** A store that is far away. */
export function latentStore(store: Store, { readMs, createMs }: Latency, clock: Clock): Store {
  const slow = async <T>(ms: number, request: () => Promise<T>): Promise<T> => {
    await clock.sleep(ms / 2);
    const answer = await request();
    await clock.sleep(ms / 2);
    return answer;
  };
  return {
    ...store,
    create: (key, bytes) => slow(createMs, () => store.create(key, bytes)),
    get: (key, range) => slow(readMs, () => store.get(key, range)),
    list: (prefix, options) => slow(readMs, () => store.list(prefix, options)),
    head: (key) => slow(readMs, () => store.head(key)),
  };
}
