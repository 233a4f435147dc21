/** Takes bytes out of chunks, as many as are asked for, without holding more than that and one chunk. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /**
   * Exactly so many bytes; fewer when the end comes first. Memory grows with what is there, not with what is asked for. The bytes
   * are not written to again.
   */
  async take(sizeBytes: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = sizeBytes;
    while (missing > 0) {
      if (this.#rest.length === 0) {
        const { value, done } = await this.#chunks.next();
        if (done === true) break;
        this.#rest = value;
      }
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
  }
}
