/** A view of exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * A little-endian unsigned 64-bit number as a double. One that a double cannot hold becomes Infinity, which no limit lets
 * through: nothing is rounded.
 */
export function uint64(view: DataView, offsetBytes: number): number {
  const high = view.getUint32(offsetBytes + 4, true);
  return high > 0x1f_ffff ? Number.POSITIVE_INFINITY : high * 0x1_0000_0000 + view.getUint32(offsetBytes, true);
}

/**
 * The little-endian 32-bit words of some bytes, copied; what does not fill a word is left out. Before a function is hot, an
 * array is read faster than a view.
 */
export function littleEndianWords(bytes: Uint8Array): Uint32Array {
  const copy = new Uint8Array(bytes.length - (bytes.length % 4));
  copy.set(bytes.length === copy.length ? bytes : bytes.subarray(0, copy.length));
  const words = new Uint32Array(copy.buffer);
  if (!IS_LITTLE_ENDIAN_HOST) {
    const view = viewOf(copy);
    for (let index = 0; index < words.length; index++) words[index] = view.getUint32(index * 4, true);
  }
  return words;
}

/** The same without a copy, where they lie as an array wants them. They must not change afterwards. */
export function littleEndianWordsIn(bytes: Uint8Array): Uint32Array {
  if (!IS_LITTLE_ENDIAN_HOST || bytes.byteOffset % 4 !== 0) return littleEndianWords(bytes);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
}

const IS_LITTLE_ENDIAN_HOST = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
