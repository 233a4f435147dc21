import { MAX_GUEST_FRAME_BYTES } from '../limits.js';

/** | u32 bytes | u32 descriptors | bytes ... |, as native/guest/channel.cc sends them. */
const HEADER_BYTES = 8;

/** Puts together the frames that a guest's process sends, of the pieces in which they come. */
export class FrameReader {
  #pieces: Uint8Array[] = [];
  #size = 0;

  /** The frames that are whole now; undefined for what no guest's process of ours sends. */
  push(piece: Uint8Array): readonly Uint8Array[] | undefined {
    this.#pieces.push(piece);
    this.#size += piece.length;
    const frames: Uint8Array[] = [];
    for (;;) {
      if (this.#size < HEADER_BYTES) return frames;
      const head = this.#peekHeader();
      const [bytes, descriptors] = [head.readUInt32LE(0), head.readUInt32LE(4)];
      // Descriptors go one way alone.
      if (bytes > MAX_GUEST_FRAME_BYTES || descriptors !== 0) return undefined;
      if (this.#size < HEADER_BYTES + bytes) return frames;
      const all = Buffer.concat(this.#pieces);
      frames.push(all.subarray(HEADER_BYTES, HEADER_BYTES + bytes));
      const rest = all.subarray(HEADER_BYTES + bytes);
      this.#pieces = rest.length === 0 ? [] : [rest];
      this.#size = rest.length;
    }
  }

  #peekHeader(): Buffer {
    const [first] = this.#pieces;
    if (first !== undefined && first.length >= HEADER_BYTES)
      return Buffer.from(first.buffer, first.byteOffset, HEADER_BYTES);
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [all];
    return all;
  }
}
