import { EbpmError } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import { LOG_LIMITS } from '../limits-log.js';
import { entryKey, type LogName } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { StoreError } from '../stores/store-error.js';
import { type Entry, type Position, START } from './entry.js';
import { internal, unsound } from './log-errors.js';
import type { LogFold } from './log-fold.js';
import { readEntry } from './read-entry.js';

/** What a reader needs. */
export interface LogReaderOptions {
  readonly store: Store;
  readonly log: LogName;
  readonly fold: LogFold;
  readonly clock: Clock;
  /** Called after each entry was applied, in order. */
  readonly onEntry: (entry: Entry) => void;
  /** Called with the length of each GET that was answered, in milliseconds. */
  readonly onGet: (ms: number) => void;
}

/**
 * Moves the head of a log forward: reads entries, checks that each follows the one before, and gives them to the fold. Any
 * number of reads may be under way; an entry is applied by whoever comes first and skipped by the others. The first unsound
 * or too new entry stops it for good.
 */
export class LogReader {
  readonly #options: LogReaderOptions;
  #head: Position = START;
  #headTimeMs = 0;
  #headSeenMs = Number.NEGATIVE_INFINITY;
  #stopped: EbpmError | undefined;
  #pass: Promise<void> | undefined;
  #nextPass: Promise<void> | undefined;

  constructor(options: LogReaderOptions) {
    this.#options = options;
  }

  /** The last entry applied. */
  get head(): Position {
    return this.#head;
  }

  /** The time in the head, in milliseconds since 1970. */
  get headTimeMs(): number {
    return this.#headTimeMs;
  }

  /** Why nothing is read or written any more. */
  get stopped(): EbpmError | undefined {
    return this.#stopped;
  }

  /** Takes up at an entry that the fold has applied before. */
  resume(entry: Entry): void {
    this.#moveTo(entry);
  }

  /** Ends all reading and writing for good. */
  stop(error: EbpmError): EbpmError {
    this.#stopped ??= error;
    return this.#stopped;
  }

  /**
   * Reads and applies entries until the next one is missing. The first request is sent after this call, so that whatever was
   * in the store when it was made has been applied when it resolves; callers that wait for that share one pass.
   */
  catchUp(): Promise<void> {
    if (this.#pass === undefined) {
      this.#pass = this.readOn(1).finally(() => {
        this.#pass = undefined;
      });
      return this.#pass;
    }
    this.#nextPass ??= this.#pass
      .catch(() => undefined)
      .then(() => {
        this.#nextPass = undefined;
        return this.catchUp();
      });
    return this.#nextPass;
  }

  /**
   * Reads and applies entries until one is missing, `width` at first, then twice as many at a time up to 16. With 2 it takes one
   * round trip when at most one entry is new, and notices when something stands behind a hole.
   * @throws EBPM_STORE_UNAVAILABLE, EBPM_STORE_REFUSED, EBPM_LOG_UNSOUND, EBPM_LOG_TOO_NEW
   */
  async readOn(width: number): Promise<void> {
    for (let count = width; ; count = Math.min(2 * count, LOG_LIMITS.readAhead)) {
      this.#throwIfStopped();
      const first = this.#head.seq + 1;
      const found = await Promise.all(Array.from({ length: count }, (_, i) => this.#get(first + i)));
      const missing = found.indexOf(undefined);
      this.#apply(first, found.slice(0, missing < 0 ? count : missing).filter(isPresent));
      if (missing < 0) continue;
      if (found.slice(missing).every((bytes) => bytes === undefined)) return;
      await this.checkHole(first + missing);
    }
  }

  /**
   * Applies entries that did not come from their own keys, from number `first` on. The first that is not the next one of this
   * log ends it: whether the log or this copy of it is unsound, the entry itself will tell.
   */
  async readFrom(first: number, copies: AsyncIterable<Uint8Array>): Promise<void> {
    let seq = first;
    let batch: Entry[] = [];
    for await (const bytes of copies) {
      if (seq++ <= this.#head.seq) continue;
      const { seq: last, hash } = batch.at(-1) ?? this.#head;
      const entry = this.#read(bytes, last + 1, hash);
      if (entry instanceof EbpmError) break;
      batch.push(entry);
      if (batch.length < LOG_LIMITS.copiesAtOnce) continue;
      this.#applyNew(batch);
      batch = [];
    }
    this.#applyNew(batch);
  }

  /** Applies an entry that this process wrote, if reading it was not faster. */
  take(entry: Entry): void {
    this.#throwIfStopped();
    if (entry.seq === this.#head.seq + 1) this.#applyRead([entry]);
  }

  /**
   * To be called before a write: makes sure that the store has not been set back behind the head. Asks only when the head was
   * not seen for 10 s.
   * @throws EBPM_LOG_UNSOUND
   */
  async checkHead(): Promise<void> {
    this.#throwIfStopped();
    const { seq, hash } = this.#head;
    const { log, clock } = this.#options;
    if (seq === 0 || clock.elapsedMs() - this.#headSeenMs < LOG_LIMITS.headSeenMs) return;
    const bytes = await this.#get(seq);
    if (bytes === undefined) throw this.stop(unsound(log, seq, 'it was there before and is missing now'));
    const entry = this.#read(bytes, seq, undefined);
    if (entry instanceof EbpmError) throw this.stop(entry);
    if (entry.hash !== hash) throw this.stop(unsound(log, seq, `its hash was "${hash}" before and is "${entry.hash}"`));
    this.#headSeenMs = clock.elapsedMs();
  }

  /** Stops with EBPM_LOG_UNSOUND when entry `seq`, behind which others stand, is really missing. */
  async checkHole(seq: number): Promise<void> {
    if ((await this.#get(seq)) !== undefined) return;
    throw this.stop(unsound(this.#options.log, seq, 'it is missing, but later entries exist'));
  }

  async #get(seq: number): Promise<Uint8Array | undefined> {
    const { store, log, clock, onGet } = this.#options;
    const startMs = clock.elapsedMs();
    const bytes = await store.get(entryKey(log, seq));
    onGet(clock.elapsedMs() - startMs);
    return bytes;
  }

  /** Applies what is sound of consecutive entries from `first`, then stops at what is not. */
  #apply(first: number, found: readonly Uint8Array[]): void {
    const entries: Entry[] = [];
    let { seq, hash } = this.#head;
    let failure: EbpmError | undefined;
    for (const bytes of found.slice(Math.max(seq + 1 - first, 0))) {
      const entry = this.#read(bytes, seq + 1, hash);
      if (entry instanceof EbpmError) {
        failure = entry;
        break;
      }
      entries.push(entry);
      ({ seq, hash } = entry);
    }
    this.#applyRead(entries);
    if (failure !== undefined) throw this.stop(failure);
  }

  #read(bytes: Uint8Array, seq: number, prev: string | undefined): Entry | EbpmError {
    try {
      return readEntry(bytes, { log: this.#options.log, seq, prev });
    } catch (error) {
      if (error instanceof EbpmError) return error;
      throw error;
    }
  }

  /** Another read may have applied some of them meanwhile. */
  #applyNew(entries: readonly Entry[]): void {
    this.#applyRead(entries.filter(({ seq }) => seq > this.#head.seq));
  }

  #applyRead(entries: readonly Entry[]): void {
    const last = entries.at(-1);
    if (last === undefined) return;
    try {
      this.#options.fold.apply(entries);
    } catch (error) {
      // No room for the tables: they are as they were, and are given the entries again.
      if (error instanceof StoreError) throw error;
      throw this.stop(internal(this.#options.log, `apply entry ${last.seq} of`, error));
    }
    this.#moveTo(last);
    for (const entry of entries) this.#options.onEntry(entry);
  }

  #moveTo(entry: Entry): void {
    this.#head = { seq: entry.seq, hash: entry.hash };
    this.#headTimeMs = Date.parse(entry.time);
    this.#headSeenMs = this.#options.clock.elapsedMs();
  }

  #throwIfStopped(): void {
    if (this.#stopped !== undefined) throw this.#stopped;
  }
}

function isPresent(bytes: Uint8Array | undefined): bytes is Uint8Array {
  return bytes !== undefined;
}
