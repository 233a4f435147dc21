import { writeSync } from 'node:fs';
import { Random } from './random.js';
import { isRefusal, type Target } from './targets.js';

/** What became of the inputs. */
export interface Survival {
  readonly accepted: number;
  readonly refused: number;
  readonly slowestMs: number;
  /** How many were read again, since they took too long the first time. */
  readonly repeated: number;
  /** Highest resident memory of this process, seen every thousand inputs. */
  readonly peakBytes: number;
}

/** What no input may take. */
export const MAX_MS = 1000;
/** An input that is slow is slow each time. On a busy machine any may once have to wait for a core. */
const TRIES = 3;
export const MAX_BYTES = 512 * 1024 * 1024;

/**
 * Feeds a reader with its seeds, and then with that many mutants of them. Input number N is the same in every run, so that
 * `inputOf` makes again what went wrong.
 *
 * @throws Error with the input's number when a reader throws anything but a refusal, or takes too long
 */
export async function survive(name: string, target: Target, inputs: number): Promise<Survival> {
  const seeds = target.seeds();
  let accepted = 0;
  let slowestMs = 0;
  let repeated = 0;
  let peakBytes = 0;
  for (const seed of seeds) if ((await feed(target, seed, `${name}: a seed`)).accepted) accepted += 1;
  if (accepted === 0) throw new Error(`${name}: no seed is accepted`);
  for (let number = 0; number < inputs; number++) {
    const result = await feed(target, inputOf(target, seeds, number), `${name}: input ${number}`);
    if (result.accepted) accepted += 1;
    if (result.tries > 1) repeated += 1;
    slowestMs = Math.max(slowestMs, result.ms);
    if (number % 1000 === 0) peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    if (number % 10_000 === 9_999) writeSync(2, `${name}: ${number + 1} inputs\n`);
  }
  return { accepted, refused: seeds.length + inputs - accepted, slowestMs, repeated, peakBytes };
}

/** Input number N of a target. */
export function inputOf(target: Target, seeds: readonly Uint8Array[], number: number): Uint8Array {
  const random = new Random(number + 1);
  return target.mutate(random.pick(seeds), random);
}

/** What one input did, in its quickest reading. */
interface Reading {
  readonly accepted: boolean;
  readonly ms: number;
  readonly tries: number;
}

async function feed(target: Target, bytes: Uint8Array, what: string): Promise<Reading> {
  for (let tries = 1; ; tries++) {
    const { accepted, ms } = await read(target, bytes, what);
    if (ms <= MAX_MS) return { accepted, ms, tries };
    if (tries === TRIES) throw new Error(`${what} takes ${Math.round(ms)} ms`);
  }
}

async function read(target: Target, bytes: Uint8Array, what: string): Promise<Omit<Reading, 'tries'>> {
  const started = performance.now();
  let accepted = true;
  try {
    const reading = target.read(bytes);
    if (reading !== undefined) await reading;
  } catch (cause) {
    if (!isRefusal(cause)) throw new Error(`${what} is not refused but breaks the reader`, { cause });
    accepted = false;
  }
  return { accepted, ms: performance.now() - started };
}
