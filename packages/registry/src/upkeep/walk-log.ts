import { ENTRY_LIMITS } from '../limits-log.js';
import { type Entry, START } from '../log/entry.js';
import { unsound } from '../log/log-errors.js';
import { readEntry } from '../log/read-entry.js';
import { storedEntries } from '../log/stored-entries.js';
import { entryKey, type LogName } from '../stores/keys.js';
import type { Store } from '../stores/store.js';

/** An entry with its bytes as stored. */
export interface WalkedEntry {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
}

/**
 * Reads a log from its first entry to its last, each checked against the one before, and makes sure that nothing stands behind
 * the end. Segments and snapshots have no part in it.
 * @throws EBPM_LOG_UNSOUND, EBPM_LOG_TOO_NEW, EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
 */
export async function* walkLog(store: Store, log: LogName): AsyncGenerator<WalkedEntry, void> {
  let { seq, hash } = START;
  for await (const bytes of storedEntries(store, { log, first: 1, last: ENTRY_LIMITS.maxSeq })) {
    const entry = readEntry(bytes, { log, seq: seq + 1, prev: hash });
    yield { entry, bytes };
    ({ seq, hash } = entry);
  }
  const [beyond] = await store.list(`${log}/`, { limit: 1, ...(seq > 0 && { after: entryKey(log, seq) }) });
  // The next number may have been filled just now.
  if (beyond !== undefined && beyond !== entryKey(log, seq + 1)) {
    throw unsound(log, seq + 1, `it is missing, but "${beyond}" exists`);
  }
}
