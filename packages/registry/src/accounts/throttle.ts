import { EbpmError } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import { THROTTLE_LIMITS } from '../limits.js';

interface Failures {
  readonly count: number;
  readonly untilMs: number;
  readonly forgottenMs: number;
}

/**
 * Slows down whoever guesses: after five failures for the same key each further one doubles the time in which nothing is tried, from a
 * second to a quarter of an hour. It knows what happened in this process alone.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * To be asked before anything is tried.
   * @throws EBPM_LOGIN_THROTTLED while one of the keys has to wait
   */
  check(keys: readonly string[]): void {
    const now = this.#clock.elapsedMs();
    const waits = keys.map((key) => (this.#failures.get(key)?.untilMs ?? now) - now);
    const seconds = Math.ceil(Math.max(0, ...waits) / 1000);
    if (seconds === 0) return;
    throw new EbpmError('EBPM_LOGIN_THROTTLED', `Cannot try that now: too many attempts failed, wait ${seconds} s`, {
      data: { seconds },
    });
  }

  /** To be told when it was wrong. */
  fail(keys: readonly string[]): void {
    const now = this.#clock.elapsedMs();
    this.#forget(now);
    for (const key of keys) {
      const count = (this.#failures.get(key)?.count ?? 0) + 1;
      const { free, firstMs, mostMs, forgetMs } = THROTTLE_LIMITS;
      const waitMs = count < free ? 0 : Math.min(firstMs * 2 ** (count - free), mostMs);
      // Set anew, so that the oldest come first.
      this.#failures.delete(key);
      this.#failures.set(key, { count, untilMs: now + waitMs, forgottenMs: now + forgetMs });
    }
  }

  /** To be told when it was right. */
  succeed(keys: readonly string[]): void {
    for (const key of keys) this.#failures.delete(key);
  }

  #forget(now: number): void {
    for (const [key, { forgottenMs }] of this.#failures) {
      if (forgottenMs > now && this.#failures.size < THROTTLE_LIMITS.keys) return;
      this.#failures.delete(key);
    }
  }
}
