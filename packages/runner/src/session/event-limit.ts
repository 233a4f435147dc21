/** Counts down the events that a session may still print, whichever stream they come from. */
export class EventLimit {
  /** Resolves when the last of them was printed. */
  readonly reached: Promise<void>;
  #left: number;
  #reach: () => void = () => {};

  /** @param events default: no limit */
  constructor(events = Number.POSITIVE_INFINITY) {
    this.#left = events;
    this.reached = new Promise((resolve) => {
      this.#reach = resolve;
    });
  }

  get left(): number {
    return this.#left;
  }

  /** Says that so many were printed. */
  take(events: number): void {
    this.#left -= events;
    if (this.#left <= 0) this.#reach();
  }
}
