import type { Clock } from '../clock.js';
import { ACCOUNT_LIMITS } from '../limits.js';

/** When this process saw each token last. Each process knows its own requests alone, and forgets them when it ends. */
export class TokenUses {
  readonly #clock: Clock;
  readonly #usedMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(token: string): void {
    // Set anew, so that those unused for longest come first.
    this.#usedMs.delete(token);
    this.#usedMs.set(token, this.#clock.nowMs());
    for (const [oldest] of this.#usedMs) {
      if (this.#usedMs.size <= ACCOUNT_LIMITS.rememberedUses) return;
      this.#usedMs.delete(oldest);
    }
  }

  /** RFC 3339, UTC; undefined when this process has not seen the token. */
  lastOf(token: string): string | undefined {
    const usedMs = this.#usedMs.get(token);
    return usedMs === undefined ? undefined : new Date(usedMs).toISOString();
  }
}
