import { writeSync } from 'node:fs';
import { Random } from './random.js';
import { isRefusal, type Target } from './targets.js';

/** What became of the inputs. */
export interface Survival {
  readonly accepted: number;
  readonly refused: number;
  readonly slowestMs: number;
  /** Highest resident memory of this process, seen every thousand inputs. */
  readonly peakBytes: number;
}

/** What no input may take: by the clock, or of the processor where that is less. */
export const MAX_MS = 1000;
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
  let peakBytes = 0;
  for (const seed of seeds) if ((await feed(target, seed, `${name}: a seed`)).accepted) accepted += 1;
  if (accepted === 0) throw new Error(`${name}: no seed is accepted`);
  for (let number = 0; number < inputs; number++) {
    const result = await feed(target, inputOf(target, seeds, number), `${name}: input ${number}`);
    if (result.accepted) accepted += 1;
    slowestMs = Math.max(slowestMs, result.ms);
    if (number % 1000 === 0) peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    if (number % 10_000 === 9_999) writeSync(2, `${name}: ${number + 1} inputs\n`);
  }
  return { accepted, refused: seeds.length + inputs - accepted, slowestMs, peakBytes };
}

/** Input number N of a target. */
export function inputOf(target: Target, seeds: readonly Uint8Array[], number: number): Uint8Array {
  const random = new Random(number + 1);
  return target.mutate(random.pick(seeds), random);
}

async function feed(target: Target, bytes: Uint8Array, what: string): Promise<{ accepted: boolean; ms: number }> {
  const started = now();
  let accepted = true;
  try {
    const reading = target.read(bytes);
    if (reading !== undefined) await reading;
  } catch (cause) {
    if (!isRefusal(cause)) throw new Error(`${what} is not refused but breaks the reader`, { cause });
    accepted = false;
  }
  const ended = now();
  // Where others want the cores, too, an input waits for one, which is not its fault; threads beside it cost more than they last.
  const ms = Math.min(ended.wallMs - started.wallMs, ended.cpuMs - started.cpuMs);
  if (ms > MAX_MS) throw new Error(`${what} takes ${Math.round(ms)} ms`);
  return { accepted, ms };
}

function now(): { readonly wallMs: number; readonly cpuMs: number } {
  const { user, system } = process.cpuUsage();
  return { wallMs: performance.now(), cpuMs: (user + system) / 1000 };
}
