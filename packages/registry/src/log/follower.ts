import type { EbpmError } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import { LOG_LIMITS } from '../limits-log.js';
import type { Random } from '../random.js';
import { StoreError } from '../stores/store-error.js';
import type { LogReader } from './log-reader.js';
import { jittered } from './pace.js';

/** Asks for the next entry again and again: every 250 ms, and after ten minutes without news every 2 s. */
export class Follower {
  readonly #reader: LogReader;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ended = new AbortController();
  #newsMs: number;
  #kickedMs = Number.NEGATIVE_INFINITY;
  #kicked = Promise.resolve();
  #passSinceMs: number | undefined;
  #failure: { readonly error: EbpmError; readonly sinceMs: number } | undefined;
  #work: Promise<void> | undefined;

  constructor({
    reader,
    clock,
    random,
  }: { readonly reader: LogReader; readonly clock: Clock; readonly random: Random }) {
    this.#reader = reader;
    this.#clock = clock;
    this.#random = random;
    this.#newsMs = clock.elapsedMs();
  }

  /** Begins to ask. */
  start(): void {
    this.#work ??= this.#follow();
  }

  /** To be called with every entry that was applied: the log is in use. */
  noteNews(): void {
    this.#newsMs = this.#clock.elapsedMs();
  }

  /** Catches up now; who asks again within 100 ms waits for that pass. */
  kick(): Promise<void> {
    const nowMs = this.#clock.elapsedMs();
    if (nowMs - this.#kickedMs >= LOG_LIMITS.kickMs) {
      this.#kickedMs = nowMs;
      this.#kicked = this.catchUp();
    }
    return this.#kicked;
  }

  /** Catches up; remembers since when the store has not let it. */
  async catchUp(): Promise<void> {
    this.#passSinceMs ??= this.#clock.elapsedMs();
    try {
      await this.#reader.catchUp();
      this.#failure = undefined;
    } catch (error) {
      if (error instanceof StoreError) this.#failure ??= { error, sinceMs: this.#clock.elapsedMs() };
      throw error;
    } finally {
      this.#passSinceMs = undefined;
    }
  }

  /** How long it has been reading without coming to the end of the log, in milliseconds; 0 when it does not read. */
  behindForMs(): number {
    return this.#passSinceMs === undefined ? 0 : this.#clock.elapsedMs() - this.#passSinceMs;
  }

  /** The store's error, when it could not be read for longer than a publisher waits. */
  failure(): EbpmError | undefined {
    if (this.#failure === undefined) return undefined;
    const forMs = this.#clock.elapsedMs() - this.#failure.sinceMs;
    return forMs > LOG_LIMITS.unsettledMs ? this.#failure.error : undefined;
  }

  /** Asks no more. Safe to call twice. */
  async close(): Promise<void> {
    this.#ended.abort();
    await this.#work;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ended;
    for (;;) {
      await this.#clock.sleep(jittered(this.#pollMs(), this.#random), signal);
      if (signal.aborted) return;
      try {
        await this.catchUp();
      } catch (error) {
        if (this.#reader.stopped !== undefined) return;
        if (!(error instanceof StoreError)) throw error;
      }
    }
  }

  #pollMs(): number {
    const idleMs = this.#clock.elapsedMs() - this.#newsMs;
    return idleMs < LOG_LIMITS.idleAfterMs ? LOG_LIMITS.pollMs : LOG_LIMITS.idlePollMs;
  }
}
