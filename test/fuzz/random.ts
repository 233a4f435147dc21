/** Random numbers that are the same in every run with the same seed: Marsaglia's xorshift32. */
export class Random {
  #state: number;

  /** @param seed any number; 0 is taken as 1, since the generator would stay at 0 */
  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
    // Seeds that lie side by side start alike.
    for (let round = 0; round < 8; round++) this.word();
  }

  /** 32 bits. */
  word(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }

  /** From 0 to `end` - 1; 0 when `end` is 0. */
  below(end: number): number {
    return end <= 0 ? 0 : this.word() % end;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new TypeError('There is nothing to pick from');
    return item;
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }
}
