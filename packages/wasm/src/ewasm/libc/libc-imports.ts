import type { WasmFunction, WasmTable } from '../../engine.js';
import { GuestExit } from '../../guest-exit.js';
import type { GuestMemory } from '../../guest-memory.js';
import { allocationCalls } from './allocation-calls.js';
import { searchCalls } from './binary-search.js';
import { characterCalls } from './character-calls.js';
import { exceptionCalls } from './exception-calls.js';
import type { Heap } from './heap.js';
import { memoryCalls } from './memory-calls.js';
import { numberCalls } from './number-calls.js';
import { printCalls } from './print-calls.js';
import { stringCalls } from './string-calls.js';

/** What the C library of a guest works with. */
export interface Libc {
  readonly memory: GuestMemory;
  readonly heap: Heap;
  stdout(bytes: Uint8Array): void;
  /** The guest's functions; undefined where it does not export them. */
  table(): WasmTable | undefined;
}

/** The C library that a guest of the 2022 ABI imports from `env`: the functions of WAMR's libc-builtin. */
export function libcImports(libc: Libc): Readonly<Record<string, WasmFunction>> {
  return {
    ...printCalls(libc),
    ...memoryCalls(libc),
    ...stringCalls(libc),
    ...allocationCalls(libc),
    ...numberCalls(libc),
    ...searchCalls(libc),
    ...characterCalls(),
    ...exceptionCalls(libc),
    exit: (code: number) => {
      throw new GuestExit(code >>> 0);
    },
  };
}
