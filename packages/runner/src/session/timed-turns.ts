/**
 * Takes a turn at each interval until it is ended or a turn throws, which rejects `done`. What has to be released after a turn
 * that threw is released by `onFailure`.
 */
export class TimedTurns {
  /** Resolves when the turns are ended, rejects with what a turn threw. */
  readonly done: Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #isPaused = false;
  #settle: { readonly resolve: () => void; readonly reject: (reason: unknown) => void } | undefined;

  constructor(intervalMs: number, turn: () => void, onFailure: () => void = () => {}) {
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#timer = setInterval(() => this.#tick(turn, onFailure), intervalMs);
  }

  /** No turn is taken until `resume`. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  /** Takes no turn any more; says whether there might have been one. */
  end(): boolean {
    const settle = this.#stop();
    settle?.resolve();
    return settle !== undefined;
  }

  #tick(turn: () => void, onFailure: () => void): void {
    if (this.#isPaused) return;
    try {
      turn();
    } catch (error) {
      onFailure();
      this.#stop()?.reject(error);
    }
  }

  #stop() {
    clearInterval(this.#timer);
    const settle = this.#settle;
    this.#settle = undefined;
    return settle;
  }
}
