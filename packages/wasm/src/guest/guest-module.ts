import { EbpmError } from '@ebpm/formats';
import { importProblem } from '@ebpm/object';
import type { WasmMemory } from '../engine.js';
import { engine, type WasmExports, type WasmImports, type WasmModule, type WasmTable } from '../engine.js';

/** Compiles a guest's module, which imports nothing but the host's functions, as they are. @throws EBPM_WASM_INVALID, EBPM_WASM_LIMIT */
export function compileGuest(bytes: Uint8Array): WasmModule {
  const module = compiled(bytes);
  const problem = importProblem(bytes);
  if (problem === undefined) return module;
  const { reason, hint, missing } = problem;
  throw new EbpmError('EBPM_WASM_INVALID', `Cannot run the module: ${reason}`, {
    hint,
    ...(missing !== undefined && { data: { missing } }),
  });
}

function compiled(bytes: Uint8Array): WasmModule {
  try {
    return new engine.Module(bytes);
  } catch (error) {
    throw refusedByV8(error);
  }
}

/** Makes an instance of it, by the host's functions. @throws EBPM_WASM_INVALID, EBPM_WASM_LIMIT */
export function instantiateGuest(module: WasmModule, host: WasmImports): WasmExports {
  try {
    return new engine.Instance(module, host).exports;
  } catch (error) {
    // A start function that calls itself for ever is no matter of V8's limits.
    if (error instanceof engine.LinkError || (error instanceof RangeError && !/call stack/.test(error.message)))
      throw refusedByV8(error);
    throw error;
  }
}

/** The memory that a guest exports. @throws EBPM_WASM_INVALID */
export function exportedMemory({ memory }: WasmExports): WasmMemory {
  if (!(memory instanceof engine.Memory))
    throw new EbpmError('EBPM_WASM_INVALID', 'Cannot run the module: it exports no memory');
  if (memory.buffer instanceof ArrayBuffer) return memory;
  throw new EbpmError('EBPM_WASM_INVALID', 'Cannot run the module: its memory is shared, and guests have one thread', {
    hint: 'Compile it without threads',
  });
}

/** The table that callbacks come from, as C's and AssemblyScript's linkers call it; undefined where it has none. */
export function exportedTable(exports: WasmExports): WasmTable | undefined {
  const table = exports['__indirect_function_table'] ?? exports['table'];
  return table instanceof engine.Table ? table : undefined;
}

/** V8's words name the place; what passes a limit that this process was started with is told apart by them. */
function refusedByV8(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const reason = error.message.replace(/^WebAssembly\.\w+\(\): /, '');
  const isLimit = error instanceof RangeError || /implementation limit|out of memory|could not allocate/i.test(reason);
  return new EbpmError(isLimit ? 'EBPM_WASM_LIMIT' : 'EBPM_WASM_INVALID', `Cannot run the module: ${reason}`, {
    cause: error,
  });
}
