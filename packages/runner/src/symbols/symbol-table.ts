/** Functions by their address, for looking up which one an address is in. */
export class SymbolTable {
  readonly #starts: Float64Array;
  readonly #sizes: Float64Array;
  readonly #order: Uint32Array;
  readonly #nameOf: (index: number) => string;

  /**
   * `starts` and `sizes` belong together, in any order; a size of 0 means: up to the next start. `nameOf` gives the name of the function
   * at an index of them, and is asked only for what is found.
   */
  constructor(starts: Float64Array, sizes: Float64Array, nameOf: (index: number) => string) {
    this.#order = Uint32Array.from(starts.keys()).sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0));
    this.#starts = Float64Array.from(this.#order, (index) => starts[index] ?? 0);
    this.#sizes = Float64Array.from(this.#order, (index) => sizes[index] ?? 0);
    this.#nameOf = nameOf;
  }

  get count(): number {
    return this.#starts.length;
  }

  /** The function that an address is in; undefined between functions, and `farthestBytes` or more after the start of one. */
  find(address: number, farthestBytes = Number.POSITIVE_INFINITY): FoundSymbol | undefined {
    const position = this.#lastAtOrBefore(address);
    const offsetBytes = address - (this.#starts[position] ?? Number.NaN);
    if (!(offsetBytes >= 0 && offsetBytes < farthestBytes)) return undefined;
    // Of several names of one place, one that has a size is the function itself; a label has none.
    let best = position;
    for (let other = position; other >= 0 && this.#starts[other] === this.#starts[position]; other -= 1) {
      if ((this.#sizes[other] ?? 0) > (this.#sizes[best] ?? 0)) best = other;
    }
    const sizeBytes = this.#sizes[best] ?? 0;
    if (sizeBytes !== 0 && offsetBytes >= sizeBytes) return undefined;
    return { name: this.#nameOf(this.#order[best] ?? 0), offsetBytes };
  }

  #lastAtOrBefore(address: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** A function, and where in it. */
export interface FoundSymbol {
  readonly name: string;
  readonly offsetBytes: number;
}
