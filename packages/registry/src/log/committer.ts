// One committer a process and log. Operations wait in a queue; the committer takes as many as fit an entry, has the fold check
// them on the state of entry n-1, and creates entry n. After a win it pauses, so that other replicas get their turn; after a
// loss it goes on at once with its whole queue, checked again on the new state.

import { EbpmError } from '@ebpm/formats';
import { registryNowMs } from '../registry-time.js';
import type { LogName } from '../stores/keys.js';
import { StoreError } from '../stores/store-error.js';
import type { Authority } from './authority.js';
import type { Committed } from './committed.js';
import type { Entry } from './entry.js';
import { EntryFiller, type EntryFillerOptions, type Filled } from './entry-filler.js';
import { judgeWaiters, type Places } from './judge-waiters.js';
import { busy, closing, internal, unsettled } from './log-errors.js';
import type { LogFold } from './log-fold.js';
import { type NewOp, rulesWith } from './op.js';
import { retryMs } from './pace.js';
import { readEntry } from './read-entry.js';
import { writeEntry } from './write-entry.js';
import { WriteQueue } from './write-queue.js';

/** What a committer needs. */
export interface CommitterOptions extends Omit<EntryFillerOptions, 'signal'> {
  readonly fold: LogFold;
  /** The name of this process in the entries that it writes. */
  readonly writer: string;
  readonly authority: Authority;
}

/** Writes operations into a log, many to an entry. */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #ended = new AbortController();
  readonly #queue: WriteQueue;
  readonly #filler: EntryFiller;
  #underWay: Places = [];
  #work: Promise<void> | undefined;
  #closing = false;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  /** What the next create needs was read during a loss. */
  #isPrepared = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#queue = new WriteQueue(options);
    this.#filler = new EntryFiller({ ...options, signal: this.#ended.signal });
  }

  /**
   * Writes an operation. When it resolves, the fold has applied it.
   * @throws what the fold's check says; EBPM_REGISTRY_UNSETTLED when it is not known within 10 s whether it was written;
   * EBPM_LOG_BUSY, EBPM_REGISTRY_CLOSING, EBPM_STORE_REFUSED, EBPM_LOG_UNSOUND, EBPM_LOG_TOO_NEW when it was not
   * @throws TypeError for a type that is not the log's and for a line of more than 16 KiB
   */
  async commit(op: NewOp): Promise<Committed> {
    const { log, reader } = this.#options;
    checkNewOp(op, log);
    if (reader.stopped !== undefined) throw reader.stopped;
    if (this.#closing) throw closing(log);
    if (this.#queue.isFull) throw busy(log);
    const waiter = this.#queue.admit(op);
    this.#queue.enqueue(waiter);
    this.#start(() => this.#writeAll());
    return waiter.done;
  }

  /** Creates entry 1. When another process was faster, that is as good. */
  async createGenesis(op: NewOp): Promise<void> {
    const waiter = this.#queue.admit(op);
    this.#start(async () => {
      const filled = await this.#write([[waiter]], 0, async () => undefined);
      if (filled === 'other') this.#queue.resolve(waiter, { already: true, seq: 1 });
    });
    await waiter.done;
  }

  /** To be called with every entry that was applied. */
  settle(entry: Entry): void {
    this.#filler.settle(entry);
  }

  /** How long the entry under way has been without an answer, in milliseconds. */
  unsettledForMs(): number {
    return this.#filler.unsettledForMs();
  }

  /** Takes no more, finishes what waits (10 s at most), then ends. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.allSettled(this.#queue.waiting.map(({ done }) => done));
    this.#ended.abort();
    await this.#work;
  }

  #start(work: () => Promise<void>): void {
    this.#work ??= work()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#work = undefined;
        if (!this.#queue.isEmpty) this.#start(() => this.#writeAll());
      });
  }

  async #writeAll(): Promise<void> {
    const { fold, authority } = this.#options;
    this.#isPrepared = false;
    while (!this.#queue.isEmpty) {
      if (!this.#isPrepared) await this.#prepare();
      this.#isPrepared = false;
      const auth = authority.head().seq;
      const places = judgeWaiters({ taken: this.#queue.take(auth), auth, fold, queue: this.#queue });
      if (places.length === 0) continue;
      const filled = await this.#write(places, auth, () => this.#readAuthority());
      if (filled === 'other') this.#queue.putBack(places.flat());
      else this.#isPrepared = false;
    }
  }

  /** Pauses after a win, then learns what happened meanwhile. Asks again as long as the store does not answer. */
  async #prepare(): Promise<void> {
    const { clock, random, reader, authority } = this.#options;
    const { signal } = this.#ended;
    await clock.sleep(Math.max(this.#notBeforeMs - clock.elapsedMs(), 0), signal);
    for (let attempt = 0; ; attempt++) {
      try {
        await Promise.all([authority.catchUp(), reader.readOn(2), reader.checkHead()]);
        return;
      } catch (error) {
        if (!isAmbiguous(error) || signal.aborted) throw error;
      }
      await clock.sleep(retryMs(attempt, random), signal);
    }
  }

  /** Writes an entry and answers those who wait for it, unless its number went to another. */
  async #write(places: Places, auth: number, whenTaken: () => Promise<void>): Promise<Filled> {
    const { entry, bytes } = this.#newEntry(places, auth);
    this.#underWay = places;
    const filled = await this.#filler.fill({ entry, bytes, whenTaken });
    this.#underWay = [];
    if (filled === 'own') this.#win(entry, places);
    else if (filled !== 'other') for (const waiter of places.flat()) this.#queue.reject(waiter, filled);
    return filled;
  }

  #newEntry(places: Places, auth: number): { readonly entry: Entry; readonly bytes: Uint8Array } {
    const { log, reader, writer, clock, random, store } = this.#options;
    const bytes = writeEntry({
      after: reader.head,
      nonce: random.hex(16),
      writer,
      timeMs: Math.max(registryNowMs({ clock, store }), reader.headTimeMs),
      opLines: places.flatMap((waiters) => waiters.slice(0, 1).map(({ line }) => line(auth))),
    });
    // What cannot be read must not be written: it would stop every replica.
    return { bytes, entry: readEntry(bytes, { log, seq: reader.head.seq + 1, prev: reader.head.hash }) };
  }

  /** Asked beside the read after a loss, not after it: who needs two round trips instead of one loses again. */
  async #readAuthority(): Promise<void> {
    try {
      await this.#options.authority.catchUp();
      this.#isPrepared = true;
    } catch (error) {
      // It is asked again before the next create, and fails there if it must.
      if (!(error instanceof EbpmError)) throw error;
    }
  }

  #win({ seq, hash, time }: Entry, places: Places): void {
    const { clock, pace } = this.#options;
    // What is done for those who wait, and what is read before the next create, belongs to the pause: others have their turn meanwhile, and
    // a slow reader would pause for them and then read as long.
    this.#notBeforeMs = this.#filler.filledMs + pace.pauseMs(clock.elapsedMs()) - pace.getMs();
    for (const [index, [first, ...same]] of places.entries()) {
      if (first !== undefined) this.#queue.resolve(first, { already: false, seq, index, hash, time });
      for (const waiter of same) this.#queue.resolve(waiter, { already: true, seq });
    }
  }

  /** The work ended early: everyone gets an answer, and what was under way is in doubt unless its number holds something else. */
  #fail(error: unknown): void {
    const { reader, log } = this.#options;
    const inDoubt = new Set(isOthers(reader.stopped) ? [] : this.#underWay.flat());
    const known = error instanceof EbpmError ? error : internal(log, 'write to', error);
    if (known !== error && inDoubt.size > 0) reader.stop(known);
    this.#underWay = [];
    this.#queue.rejectAll((waiter) => (inDoubt.has(waiter) ? unsettled(log, known) : known));
  }
}

function checkNewOp(op: NewOp, log: LogName): void {
  if (rulesWith(log, op.type) === undefined) throw new TypeError(`"${log}" has no operations of the type "${op.type}"`);
  if ('salt' in op || 'auth' in op) throw new TypeError('The log sets "salt" and "auth" itself');
}

function isAmbiguous(error: unknown): boolean {
  return error instanceof StoreError && error.outcome === 'ambiguous';
}

function isOthers(stopped: EbpmError | undefined): boolean {
  return stopped?.code === 'EBPM_LOG_UNSOUND' || stopped?.code === 'EBPM_LOG_TOO_NEW';
}
