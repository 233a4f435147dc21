/** Keeps the newest bytes of a stream. */
export interface OutputTail {
  push(piece: Uint8Array): void;
  /** What is kept, as text; malformed UTF-8 becomes U+FFFD. */
  text(): string;
}

/** Makes a tail that gives the last `maxBytes` bytes. It holds up to twice as many, so that it copies seldom. */
export function createOutputTail(maxBytes: number): OutputTail {
  let pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  return {
    push(piece) {
      pieces.push(piece);
      sizeBytes += piece.length;
      if (sizeBytes <= 2 * maxBytes) return;
      pieces = [Buffer.concat(pieces).subarray(-maxBytes)];
      sizeBytes = maxBytes;
    },
    text() {
      return Buffer.concat(pieces).subarray(-maxBytes).toString('utf8');
    },
  };
}
