import { EWASM_SIGNATURES, WASI_SIGNATURES } from '@ebpm/object';
import { expect, it } from 'vitest';
import { engine } from '../../src/engine.js';
import { Heap } from '../../src/ewasm/libc/heap.js';
import { libcImports } from '../../src/ewasm/libc/libc-imports.js';
import { GuestExit } from '../../src/guest-exit.js';
import { GuestFault } from '../../src/guest-fault.js';
import { GuestMemory } from '../../src/guest-memory.js';
import { GuestWithDirectory } from './guest-with-directory.js';

const CALLS = 4000;
const EDGES = [0, 1, 3, 4, 7, 8, 64, 255, 1024, 4096, 65535, 65536, -1, -8, 0x7fffffff, -0x80000000];

/** Numbers that are the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 8;
  };
}

function argumentsOf(signature: string, next: () => number): (number | bigint)[] {
  return [...signature.slice(0, signature.indexOf(':'))].map((letter) => {
    const kind = next() % 3;
    const value = kind === 0 ? next() % 16 : kind === 1 ? (EDGES[next() % EDGES.length] ?? 0) : next() % 70_000;
    return letter === 'I' ? BigInt.asIntN(64, BigInt(value) * (next() % 2 === 0 ? 1n : 2n ** 32n)) : value;
  });
}

/** What a guest can be ended by; anything else is a slip of ours. */
function isEnding(error: unknown): boolean {
  return error instanceof GuestFault || error instanceof GuestExit || error instanceof engine.RuntimeError;
}

it(`${CALLS} calls of WASI with any arguments give a number or end the guest`, () => {
  const next = randomNumbers(7);
  const guest = new GuestWithDirectory();
  const names = Object.entries(WASI_SIGNATURES);
  let answered = 0;
  for (let index = 0; index < CALLS; index += 1) {
    const [name, signature] = names[next() % names.length] ?? ['sched_yield', ':i'];
    // Names that may be there, so that something is opened now and then.
    if (index % 50 === 0)
      for (let at = 0; at < 4096; at += 64) guest.memory.write(at, Buffer.from(`a/../${'.'.repeat(at % 3)}`));
    try {
      expect(guest.call(name, ...argumentsOf(signature, next))).toBeLessThanOrEqual(76);
      answered += 1;
    } catch (error) {
      if (!isEnding(error)) throw new Error(`call ${index}, ${name}`, { cause: error });
    }
  }
  expect(answered).toBeGreaterThan(CALLS / 4);
  guest.remove();
});

it(`${CALLS} calls of the C library with any arguments give a number or end the guest`, () => {
  const next = randomNumbers(11);
  const memory = new GuestMemory();
  memory.bind(new engine.Memory({ initial: 1 }));
  const calls = libcImports({ memory, heap: new Heap(memory), stdout: () => undefined, table: () => undefined });
  const names = Object.keys(calls) as (keyof typeof EWASM_SIGNATURES)[];
  const formats = '%5.3d|%-08lx|%s|%.*f|%g|%c|%%|%hhu|%lle|%p|%+a|%#o|%';
  let answered = 0;
  for (let index = 0; index < CALLS; index += 1) {
    const name = names[next() % names.length] ?? 'puts';
    memory.write(next() % 60_000, Buffer.from(`${formats.slice(next() % formats.length)}\0`));
    try {
      calls[name]?.(...(argumentsOf(EWASM_SIGNATURES[name], next) as never[]));
      answered += 1;
    } catch (error) {
      if (!isEnding(error)) throw new Error(`call ${index}, ${name}`, { cause: error });
    }
  }
  expect(answered).toBeGreaterThan(CALLS / 4);
});
