import { FEED_LIMITS } from '../limits.js';
import type { Entry } from '../log/entry.js';
import { type Change, changesOf } from './change.js';

/** Whether an operation of the public log was without effect. */
export type IsVoid = (seq: number, index: number) => boolean;

/** The changes of the last entries, and who waits for the next one. */
export class RecentChanges {
  readonly #isVoid: IsVoid;
  #changes: Change[] = [];
  /** All changes after this entry, up to the last one noted, are here. */
  #after = 0;
  #last: number | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(isVoid: IsVoid) {
    this.#isVoid = isVoid;
  }

  /** Begins to take notes: what stands in the log up to this entry is not worth it. */
  start(seq: number): void {
    this.#after = seq;
    this.#last = seq;
  }

  /** To be called with every entry once it is applied. */
  note(entry: Entry): void {
    if (this.#last === undefined) return;
    if (entry.seq !== this.#last + 1) {
      this.#changes = [];
      this.#after = entry.seq - 1;
    }
    this.#last = entry.seq;
    this.#changes.push(...changesOf(entry, (index) => this.#isVoid(entry.seq, index)));
    this.#cut();
    for (const callBack of [...this.#waiting]) {
      this.#waiting.delete(callBack);
      callBack();
    }
  }

  /** The changes after an entry, if they are all here. */
  since(seq: number): readonly Change[] | undefined {
    if (this.#last === undefined || seq < this.#after) return undefined;
    // Most ask for the end of it.
    let first = this.#changes.length;
    while (first > 0 && (this.#changes[first - 1]?.at.seq ?? 0) > seq) first--;
    return this.#changes.slice(first);
  }

  /** Calls back once, when an entry comes. @returns how to wait no more */
  onNext(callBack: () => void): () => void {
    this.#waiting.add(callBack);
    return () => this.#waiting.delete(callBack);
  }

  /** Whole entries go, at twice the limit, so that it is done seldom. */
  #cut(): void {
    if (this.#changes.length <= 2 * FEED_LIMITS.recent) return;
    this.#after = this.#changes[this.#changes.length - FEED_LIMITS.recent - 1]?.at.seq ?? this.#after;
    this.#changes = this.#changes.filter(({ at }) => at.seq > this.#after);
  }
}
