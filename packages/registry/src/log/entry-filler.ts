// Once a create was sent, something may have happened:
//
//   answer of create      what it means                    what follows
//   created               n is ours                        own
//   refused, first try    nothing was done                 the store's answer; n stays free
//   anything else         n is ours, another's, or free    read n: our nonce -> own; another's -> other;
//                                                          missing -> the same bytes to the same n, after a pause
//
// n is never left before it is filled, so that a request of ours which lands late can only meet its own bytes or a filled n.
// The nonces are compared at one place, when entry n is applied, whichever read was the first to bring it.

import type { Clock } from '../clock.js';
import type { Random } from '../random.js';
import { entryKey, type LogName } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { isRefused, StoreError } from '../stores/store-error.js';
import type { Entry } from './entry.js';
import { closing } from './log-errors.js';
import type { LogReader } from './log-reader.js';
import { type Pace, retryMs } from './pace.js';

/** What a filler needs. */
export interface EntryFillerOptions {
  readonly store: Store;
  readonly log: LogName;
  readonly reader: LogReader;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends an attempt that does not settle. */
  readonly signal: AbortSignal;
}

/** An entry that is to be created. */
export interface NewEntry {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  /** Run beside the read that follows when the number is taken. */
  readonly whenTaken: () => Promise<void>;
}

/** Whose entry has the number now; or the store's plain refusal. */
export type Filled = 'own' | 'other' | StoreError;

/** Creates one entry at a time and stays with it until it is settled. */
export class EntryFiller {
  readonly #options: EntryFillerOptions;
  #pending: Entry | undefined;
  #settled: 'own' | 'other' | undefined;
  #sinceMs = 0;
  #filledMs = 0;

  constructor(options: EntryFillerOptions) {
    this.#options = options;
  }

  /** How long the entry under way has been without an answer, in milliseconds; 0 when there is none. */
  unsettledForMs(): number {
    return this.#pending === undefined ? 0 : this.#options.clock.elapsedMs() - this.#sinceMs;
  }

  /** When the last entry was seen in its place, on the clock that does not jump. From then on others can read it, too. */
  get filledMs(): number {
    return this.#filledMs;
  }

  /** To be called with every entry that was applied. */
  settle(entry: Entry): void {
    if (this.#pending?.seq !== entry.seq) return;
    this.#settled = this.#pending.nonce === entry.nonce ? 'own' : 'other';
    this.#filledMs = this.#options.clock.elapsedMs();
  }

  /**
   * Fills the number after the head with this entry, or learns that another has it.
   * @throws what stopped the reader; EBPM_REGISTRY_CLOSING when the signal aborted before it was known
   */
  async fill(next: NewEntry): Promise<Filled> {
    const { clock, random, signal, log } = this.#options;
    this.#pending = next.entry;
    this.#settled = undefined;
    this.#sinceMs = clock.elapsedMs();
    try {
      for (let attempt = 0; ; attempt++) {
        const answer = await this.#create(next);
        if (attempt === 0 && isRefused(answer)) return answer;
        if (answer !== 'created') await this.#readBack(next, answer);
        if (this.#settled !== undefined) return this.#settled;
        await clock.sleep(retryMs(attempt, random), signal);
        if (signal.aborted) throw closing(log);
      }
    } finally {
      this.#pending = undefined;
    }
  }

  async #create({ entry, bytes }: NewEntry): Promise<'created' | 'exists' | StoreError> {
    const { store, log, clock, pace, reader, signal } = this.#options;
    const startMs = clock.elapsedMs();
    try {
      const answer = await store.create(entryKey(log, entry.seq), bytes, signal);
      const answeredMs = clock.elapsedMs();
      pace.sawCreate(answeredMs - startMs);
      if (answer === 'created') {
        reader.take(entry);
        this.#filledMs = answeredMs;
      }
      return answer;
    } catch (error) {
      if (error instanceof StoreError) return error;
      throw error;
    }
  }

  async #readBack({ whenTaken }: NewEntry, answer: 'exists' | StoreError): Promise<void> {
    await Promise.all([this.#readUntilAnswered(), answer === 'exists' ? whenTaken() : undefined]);
  }

  async #readUntilAnswered(): Promise<void> {
    const { reader, clock, random, signal, log } = this.#options;
    for (let attempt = 0; this.#settled === undefined; attempt++) {
      try {
        await reader.readOn(2);
        return;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
      }
      await clock.sleep(retryMs(attempt, random), signal);
      if (signal.aborted) throw closing(log);
    }
  }
}
