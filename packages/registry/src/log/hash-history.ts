import { LOG_LIMITS } from '../limits-log.js';
import { entryKey, type LogName } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { type Entry, START } from './entry.js';
import { unsound } from './log-errors.js';
import { readEntry } from './read-entry.js';

/** The hashes of entries: those of the last 1,024 are kept, older ones are read from the store. */
export class HashHistory {
  readonly #store: Store;
  readonly #log: LogName;
  readonly #recent = new Map<number, string>([[START.seq, START.hash]]);

  constructor(store: Store, log: LogName) {
    this.#store = store;
    this.#log = log;
  }

  /** To be called with every entry that was applied. */
  note({ seq, hash }: Entry): void {
    this.#recent.set(seq, hash);
    this.#recent.delete(seq - LOG_LIMITS.recentHashes);
  }

  /**
   * The hash of an entry that was applied.
   * @throws EBPM_LOG_UNSOUND when the store does not have it any more; EBPM_STORE_UNAVAILABLE, EBPM_STORE_REFUSED
   */
  async at(seq: number): Promise<string> {
    const recent = this.#recent.get(seq);
    if (recent !== undefined) return recent;
    const bytes = await this.#store.get(entryKey(this.#log, seq));
    if (bytes === undefined) throw unsound(this.#log, seq, 'it was there before and is missing now');
    return readEntry(bytes, { log: this.#log, seq, prev: undefined }).hash;
  }
}
