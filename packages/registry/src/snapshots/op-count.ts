import type { Entry } from '../log/entry.js';

/** Counts the operations of the entries behind a mark that were folded by this process. */
export class OpCount {
  #entries: (readonly [seq: number, ops: number])[] = [];
  #ops = 0;

  /** To be called with every entry that is folded, in order. */
  note({ seq, ops }: Entry): void {
    this.#entries.push([seq, ops.length]);
    this.#ops += ops.length;
  }

  /** From behind this entry on counting begins. */
  mark(markSeq: number): void {
    this.#entries = this.#entries.filter(([seq]) => seq > markSeq);
    this.#ops = this.#entries.reduce((sum, [, ops]) => sum + ops, 0);
  }

  /** Operations behind the mark. */
  sinceMark(): number {
    return this.#ops;
  }
}
