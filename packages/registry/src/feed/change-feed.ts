import type { OperationPlace } from '../fold/operation-place.js';
import { FEED_LIMITS } from '../limits.js';
import type { Log } from '../log/log.js';
import { readEntry } from '../log/read-entry.js';
import { entryKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { type Change, changesOf, isAfter, LAST_INDEX } from './change.js';
import type { IsVoid, RecentChanges } from './recent-changes.js';

/** What a feed reads. */
export interface ChangeFeedOptions {
  readonly store: Store;
  readonly log: Log;
  readonly recent: RecentChanges;
  readonly isVoid: IsVoid;
}

/** Which changes are wanted. */
export interface ChangeRequest {
  readonly after: OperationPlace;
  readonly limit: number;
  /** Whether whoever asks may know of the package. */
  readonly mayRead: (name: string) => boolean;
}

/** Some changes, and where to go on. */
export interface ChangePage {
  readonly changes: readonly Change[];
  /** After it comes what was not told; it is not before `after`. */
  readonly next: OperationPlace;
  /** Whether nothing more was there. */
  readonly isEnd: boolean;
}

/**
 * What happened to packages, from any place of the log on: from memory as long as it is recent, else from the entries in the store, of which
 * one request reads a bounded number.
 */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
  }

  /** After everything that has happened so far. */
  end(): OperationPlace {
    return { seq: this.#options.log.head().seq, index: LAST_INDEX };
  }

  /** @throws EBPM_STORE_UNAVAILABLE, EBPM_STORE_REFUSED, EBPM_LOG_UNSOUND */
  async read({ after, limit, mayRead }: ChangeRequest): Promise<ChangePage> {
    const { recent } = this.#options;
    const head = this.end();
    // A place beyond the end is one that another replica has told of, or nobody.
    if (after.seq > head.seq) return { changes: [], next: after, isEnd: true };
    const known = recent.since(after.seq - 1);
    const { changes, upTo } =
      known === undefined ? await this.#stored(after.seq, head.seq) : { changes: known, upTo: head };
    const told: Change[] = [];
    for (const change of changes) {
      if (!isAfter(change.at, after) || !mayRead(change.told.name)) continue;
      if (told.length === limit) return { changes: told, next: told.at(-1)?.at ?? after, isEnd: false };
      told.push(change);
    }
    const next = isAfter(upTo, after) ? upTo : after;
    return { changes: told, next, isEnd: upTo.seq >= head.seq };
  }

  /** Resolves at the next entry, or when the signal aborts, which it must do at some time. */
  nextEntry(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = () => {
        signal.removeEventListener('abort', done);
        forget();
        resolve();
      };
      const forget = this.#options.recent.onNext(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  async #stored(first: number, head: number): Promise<{ readonly changes: Change[]; readonly upTo: OperationPlace }> {
    const from = Math.max(1, first);
    const last = Math.min(head, from + FEED_LIMITS.entriesAtOnce - 1);
    const changes: Change[] = [];
    for (let seq = from; seq <= last; seq += FEED_LIMITS.parallel) {
      const count = Math.min(FEED_LIMITS.parallel, last - seq + 1);
      const entries = await Promise.all(Array.from({ length: count }, (_, i) => this.#entry(seq + i)));
      changes.push(...entries.flat());
    }
    return { changes, upTo: { seq: last, index: LAST_INDEX } };
  }

  async #entry(seq: number): Promise<Change[]> {
    const { store, isVoid } = this.#options;
    const bytes = await store.get(entryKey('log', seq));
    if (bytes === undefined) return [];
    return changesOf(readEntry(bytes, { log: 'log', seq, prev: undefined }), (index) => isVoid(seq, index));
  }
}
