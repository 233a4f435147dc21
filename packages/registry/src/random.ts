import { randomBytes } from 'node:crypto';

/** Randomness, passed in so that tests can repeat a run. */
export interface Random {
  /** `sizeBytes` unpredictable bytes as lower-case hex. */
  hex(sizeBytes: number): string;
  /** A number in [0, 1), for jitter only. */
  fraction(): number;
}

/** The system's randomness: hex from its secure generator, jitter from the fast one. */
export const systemRandom: Random = {
  hex: (sizeBytes) => randomBytes(sizeBytes).toString('hex'),
  fraction: () => Math.random(),
};
