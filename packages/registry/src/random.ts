import { randomFillSync } from 'node:crypto';

/** Randomness, passed in so that tests can repeat a run. */
export interface Random {
  /** `sizeBytes` unpredictable bytes as lower-case hex. */
  hex(sizeBytes: number): string;
  /** A number in [0, 1), for jitter only. */
  fraction(): number;
}

/** The system's randomness: hex from its secure generator, jitter from the fast one. */
export const systemRandom: Random = {
  hex: systemHex(),
  fraction: () => Math.random(),
};

/** Bytes that are fetched at a time: asking the system takes ten times as long as making 16 of them into text. */
const FETCHED_BYTES = 4096;

/** Each byte is given out once, and is not kept. */
function systemHex(): Random['hex'] {
  let bytes = Buffer.alloc(0);
  let given = 0;
  return (sizeBytes) => {
    if (bytes.length - given < sizeBytes) {
      bytes = randomFillSync(Buffer.alloc(Math.max(FETCHED_BYTES, sizeBytes)));
      given = 0;
    }
    const text = bytes.toString('hex', given, given + sizeBytes);
    bytes.fill(0, given, given + sizeBytes);
    given += sizeBytes;
    return text;
  };
}
