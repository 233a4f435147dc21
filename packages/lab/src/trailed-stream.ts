/** Finds the end of a stream that shares its channel with nothing but a trailer. */
export interface TrailedStream {
  /** Takes the next piece and gives the content in it; what may be the start of the trailer is kept back. */
  push(piece: Uint8Array): Uint8Array;
  /** Whether the trailer has come. */
  readonly ended: boolean;
}

/**
 * Splits a stream into its content and the trailer that ends it. The trailer is random and made anew for each run, so it does not
 * occur in the content. What follows it is dropped.
 */
export function createTrailedStream(trailer: Uint8Array): TrailedStream {
  let held: Uint8Array = Buffer.alloc(0);
  let ended = false;
  return {
    get ended() {
      return ended;
    },
    push(piece) {
      if (ended) return Buffer.alloc(0);
      const bytes = Buffer.concat([held, piece]);
      const found = bytes.indexOf(trailer);
      ended = found !== -1;
      const contentBytes = ended ? found : bytes.length - heldBytes(bytes, trailer);
      held = bytes.subarray(contentBytes);
      return bytes.subarray(0, contentBytes);
    },
  };
}

/** How many bytes at the end are a start of the trailer. */
function heldBytes(bytes: Buffer, trailer: Uint8Array): number {
  for (let length = Math.min(bytes.length, trailer.length - 1); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(trailer.subarray(0, length))) return length;
  }
  return 0;
}
