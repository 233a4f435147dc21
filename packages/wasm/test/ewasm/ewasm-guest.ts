import { join } from 'node:path';
import { engine, type WasmExports, type WasmMemory } from '../../src/engine.js';
import type { EwasmKernel } from '../../src/ewasm/ewasm-kernel.js';
import { ewasmGuest } from '../../src/ewasm/run-ewasm.js';
import { GuestMemory } from '../../src/guest-memory.js';
import { compileGuest } from '../compile-guest.js';

const FIXTURES = join(import.meta.dirname, 'fixtures');

/** As modules of the 2022 ABI are built: no C library, no entry; what is missing comes from the host. */
const FLAGS = [
  ...['--target=wasm32', '-nostdlib', '-fno-builtin', '-Wno-main', '-Wno-format', '-Wno-int-to-void-pointer-cast'],
  ...['-Wl,--no-entry', '-Wl,--allow-undefined', '-Wl,--export-all', '-Wl,--export-table'],
];

export function compileEwasm(name: string): object {
  return new engine.Module(compileGuest(join(FIXTURES, `${name}.c`), FLAGS));
}

export interface EwasmRun {
  readonly args?: readonly string[];
  readonly kernel?: EwasmKernel;
  /** Instead of what the module exports. */
  readonly exports?: (exports: WasmExports) => WasmExports;
}

/** Runs `bpf_main`; what it gave, or threw, and what it printed. */
export function runEwasm(module: object, { args = [], kernel = NO_KERNEL, exports = (own) => own }: EwasmRun = {}) {
  const memory = new GuestMemory();
  const events: string[] = [];
  let stdout = '';
  const guest = ewasmGuest({
    memory,
    args,
    kernel,
    stdout: (bytes) => {
      stdout += Buffer.from(bytes).toString('latin1');
    },
    onEvent: (json) => void events.push(json),
  });
  const instance = new engine.Instance(module, { env: guest.imports });
  memory.bind(instance.exports['memory'] as WasmMemory);
  let result: number | undefined;
  let error: unknown;
  try {
    result = guest.run(exports(instance.exports));
  } catch (thrown) {
    error = thrown;
  }
  return { result, error, stdout, events, memory };
}

const NO_KERNEL: EwasmKernel = { create: () => -1, run: () => -1, waitAndPoll: () => -1 };
