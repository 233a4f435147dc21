import { LOG_LIMITS } from '../limits-log.js';
import type { Random } from '../random.js';

/**
 * Measures how long this replica's requests take, and from that how long it pauses after a win. Without a pause the winner,
 * who already knows the head, wins nearly always: the others have one GET and one create between two of its creates. Beside a
 * slower one that is known to be there the pause grows from win to win, until that one has had its turn. Where nobody else has
 * written for a minute the pauses are short, but for one in every tenth of a second, in which somebody new comes to his first entry.
 */
export class Pace {
  readonly #random: Random;
  #createMs = 0;
  #getMs = 0;
  #winsInARow = 0;
  #otherSeenMs = Number.NEGATIVE_INFINITY;
  #openedMs = Number.NEGATIVE_INFINITY;

  constructor(random: Random) {
    this.#random = random;
  }

  sawCreate(ms: number): void {
    this.#createMs = recent(this.#createMs, ms);
  }

  sawGet(ms: number): void {
    this.#getMs = recent(this.#getMs, ms);
  }

  /** An entry was applied, at this time of a clock that does not jump. */
  sawEntry({ isOwn, elapsedMs }: { readonly isOwn: boolean; readonly elapsedMs: number }): void {
    this.#winsInARow = isOwn ? this.#winsInARow + 1 : 0;
    if (!isOwn) this.#otherSeenMs = elapsedMs;
  }

  /** How long a GET takes, in milliseconds. */
  getMs(): number {
    return this.#getMs;
  }

  /** The time between a win, now, and the next create, in milliseconds. */
  pauseMs(elapsedMs: number): number {
    const { pauseFactor, pauseMaxMs } = LOG_LIMITS;
    const roundMs = Math.max(pauseFactor * (this.#createMs + this.#getMs), this.#leastMs(elapsedMs));
    return jittered(Math.min(this.#growth(elapsedMs) * roundMs, pauseMaxMs), this.#random);
  }

  #leastMs(elapsedMs: number): number {
    const { pauseMinMs, alonePauseMs, aloneAfterMs, openEveryMs } = LOG_LIMITS;
    const isAlone = elapsedMs - this.#otherSeenMs >= aloneAfterMs;
    if (isAlone && elapsedMs - this.#openedMs < openEveryMs) return alonePauseMs;
    this.#openedMs = elapsedMs;
    return pauseMinMs;
  }

  #growth(elapsedMs: number): number {
    const { rivalMs, maxGrowth } = LOG_LIMITS;
    return elapsedMs - this.#otherSeenMs < rivalMs ? Math.min(2 ** (this.#winsInARow - 1), maxGrowth) : 1;
  }
}

/** The pause before the next attempt at the same number, in milliseconds; `attempt` counts from 0. */
export function retryMs(attempt: number, random: Random): number {
  return jittered(Math.min(LOG_LIMITS.retryMinMs * 2 ** attempt, LOG_LIMITS.retryMaxMs), random);
}

/** `ms`, a quarter more or less, so that replicas do not march in step. */
export function jittered(ms: number, random: Random): number {
  return ms * (1 + LOG_LIMITS.jitter * (2 * random.fraction() - 1));
}

/** A running mean in which the last three or four values weigh most. */
function recent(mean: number, value: number): number {
  return mean === 0 ? value : mean + 0.3 * (value - mean);
}
