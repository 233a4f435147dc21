/**
 * Learns what a store's clock shows from the Date headers of its answers, which have whole seconds: each says only that the
 * offset lies within a second and the length of the request. The intervals are intersected; one that does not meet the others
 * means that a clock was set, and starts anew.
 */
export class StoreClock {
  #fromMs = Number.NEGATIVE_INFINITY;
  #toMs = Number.POSITIVE_INFINITY;

  /** An answer with this date, to a request sent and answered at these times of our clock, in milliseconds since 1970. */
  saw({
    date,
    sentMs,
    answeredMs,
  }: {
    readonly date: string;
    readonly sentMs: number;
    readonly answeredMs: number;
  }): void {
    const dateMs = Date.parse(date);
    if (Number.isNaN(dateMs)) return;
    const fromMs = dateMs - answeredMs;
    const toMs = dateMs + 1000 - sentMs;
    const isNew = fromMs > this.#toMs || toMs < this.#fromMs;
    this.#fromMs = isNew ? fromMs : Math.max(fromMs, this.#fromMs);
    this.#toMs = isNew ? toMs : Math.min(toMs, this.#toMs);
  }

  /** Store's clock minus ours, in milliseconds: the smallest correction that agrees with what was seen. */
  offsetMs(): number {
    return Math.min(Math.max(0, this.#fromMs), this.#toMs);
  }
}
