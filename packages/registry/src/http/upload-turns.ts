import type { Clock } from '../clock.js';
import { HTTP_LIMITS } from '../limits.js';

/**
 * Turns of large bodies that come in. One that comes from nearby is there all the time: it would be read without an end, and whoever
 * asks for something else would wait for each of its megabytes. After each part of one there is a pause, in which all others are
 * answered and other processes get the core; parts of several bodies come one after another.
 */
export class UploadTurns {
  readonly #clock: Clock;
  #last: Promise<void> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the next part of a body may be read. */
  next(): Promise<void> {
    this.#last = this.#last.then(() => this.#clock.sleep(HTTP_LIMITS.bodyPauseMs));
    return this.#last;
  }
}
