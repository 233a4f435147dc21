import type { Clock } from '../../src/clock.js';

interface Timer {
  readonly atMs: number;
  readonly wake: () => void;
}

/** More virtual time than any test means to spend: a run that takes longer waits for something that never comes. */
const TOO_LONG_MS = 24 * 3_600_000;

/** Time that passes only when everyone sleeps. With stores in memory a run is the same each time, and takes no time. */
export class FakeClock implements Clock {
  #nowMs = Date.parse('2026-01-01T00:00:00.000Z');
  #timers: Timer[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  elapsedMs(): number {
    return this.#nowMs;
  }

  after(ms: number, act: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, wake: act };
    this.#add(timer);
    return () => this.#remove(timer);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = () => {
        this.#remove(timer);
        resolve();
      };
      const wake = () => {
        signal?.removeEventListener('abort', cancel);
        resolve();
      };
      const timer = { atMs: this.#nowMs + ms, wake };
      this.#add(timer);
      signal?.addEventListener('abort', cancel);
    });
  }

  /** Lets time pass until the promise is settled, and gives its result. */
  async run<T>(promise: Promise<T>): Promise<T> {
    const endMs = this.#nowMs + TOO_LONG_MS;
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    while (!(await everyoneSleeps(() => isSettled))) {
      if (!this.#wakeNext(endMs)) throw new Error('Everyone waits for something that never comes');
    }
    return promise;
  }

  /** Lets this much time pass. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    do {
      await everyoneSleeps(() => false);
    } while (this.#wakeNext(endMs));
    this.#nowMs = endMs;
  }

  #add(timer: Timer): void {
    const after = this.#timers.findIndex(({ atMs }) => atMs > timer.atMs);
    this.#timers.splice(after < 0 ? this.#timers.length : after, 0, timer);
  }

  #remove(timer: Timer): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
  }

  #wakeNext(endMs: number): boolean {
    const [next] = this.#timers;
    if (next === undefined || next.atMs > endMs) return false;
    this.#timers.shift();
    this.#nowMs = next.atMs;
    next.wake();
    return true;
  }
}

async function everyoneSleeps(isDone: () => boolean): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve));
  return isDone();
}
