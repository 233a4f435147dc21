import { LOG_LIMITS } from '../limits-log.js';
import { entryKey, type LogName } from '../stores/keys.js';
import type { Store } from '../stores/store.js';

/** Which entries, the first and last included. */
export interface EntryRange {
  readonly log: LogName;
  readonly first: number;
  readonly last: number;
}

/** The bytes of entries as stored, 16 GETs at a time; it ends before the first that is missing. */
export async function* storedEntries(
  store: Store,
  { log, first, last }: EntryRange,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  for (let seq = first; seq <= last; seq += LOG_LIMITS.readAhead) {
    const count = Math.min(LOG_LIMITS.readAhead, last + 1 - seq);
    const gets = Array.from({ length: count }, (_, i) => store.get(entryKey(log, seq + i), undefined, signal));
    for (const bytes of await Promise.all(gets)) {
      if (bytes === undefined) return;
      yield bytes;
    }
  }
}
