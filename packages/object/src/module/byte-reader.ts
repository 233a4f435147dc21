/** Reads a WASM module's binary form. @throws RangeError past its end */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('an end where none may be');
    this.#at += 1;
    return byte;
  }

  /** In LEB128. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number without an end');
  }

  /** Passes over a number in LEB128, of whatever width. */
  skipNumber(): void {
    while (this.byte() >= 0x80);
  }

  skip(bytes: number): void {
    if (bytes > this.#bytes.length - this.#at) throw new RangeError('an end where none may be');
    this.#at += bytes;
  }

  /** The next bytes, to be read by themselves. */
  part(bytes: number): ByteReader {
    const start = this.#at;
    this.skip(bytes);
    return new ByteReader(this.#bytes.subarray(start, this.#at));
  }

  name(): string {
    const length = this.u32();
    const start = this.#at;
    this.skip(length);
    return Buffer.from(this.#bytes.subarray(start, this.#at)).toString('utf8');
  }

  vector<T>(item: () => T): T[] {
    const items: T[] = [];
    for (let left = this.u32(); left > 0; left -= 1) items.push(item());
    return items;
  }
}
