import { GuestStop } from './guest-stop.js';

/**
 * Counts what a run of a module shows: the records that are printed for it, or, where the module prints by itself, the events that it was given.
 * `--max-events` ends it behind so many.
 */
export class ShownEvents {
  readonly #wanted: number;
  #count = 0;

  /** @param wanted null: all */
  constructor(wanted: number | null) {
    this.#wanted = wanted ?? Number.POSITIVE_INFINITY;
  }

  get count(): number {
    return this.#count;
  }

  /** How many more are wanted. */
  get left(): number {
    return this.#wanted - this.#count;
  }

  add(events: number): void {
    this.#count += events;
  }

  /** @throws GuestStop where no more are wanted */
  endIfEnough(): void {
    if (this.left <= 0) throw new GuestStop('enough');
  }
}
