import { engine, type WasmFunction } from '../../engine.js';
import type { Libc } from './libc-imports.js';

/**
 * What is left of C++'s exceptions: one that is thrown ends the guest, as `abort` does, since nothing of it can be caught.
 * @see https://github.com/bytecodealliance/wasm-micro-runtime/blob/WAMR-1.1.1/core/iwasm/libraries/libc-builtin/libc_builtin_wrapper.c
 */
export function exceptionCalls({ heap }: Libc): Readonly<Record<string, WasmFunction>> {
  return {
    abort: (code = 0) => {
      throw new engine.RuntimeError(`env.abort(${code})`);
    },
    __cxa_allocate_exception: (size: number) => heap.allocate(size >>> 0),
    __cxa_begin_catch: (exception: number) => exception,
    __cxa_throw: () => {
      throw new engine.RuntimeError('exception thrown by stdc++');
    },
  };
}
