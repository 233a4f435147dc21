import type { WasmTable, WasmValue } from '../engine.js';
import { GuestFault } from '../guest-fault.js';

/** `int (*)(void *ctx, void *data, size_t size)` */
const PARAMETERS = 3;

/**
 * The function of a guest's table with that number. V8 tells how many parameters it has; of other types than i32 it makes what they want or throws, which
 * `calledWithI32s` turns into a fault.
 *
 * @throws GuestFault
 */
export function guestCallback(table: WasmTable | undefined, index: number): SampleCallback {
  if (table === undefined) throw new GuestFault('gave a callback, and exports no __indirect_function_table');
  const at = index >>> 0;
  if (at >= table.length) throw new GuestFault(`gave callback ${at}, and its table has ${table.length} functions`);
  const found: unknown = table.get(at);
  if (typeof found !== 'function') throw new GuestFault(`gave callback ${at}, which is no function of its table`);
  if (found.length !== PARAMETERS) {
    throw new GuestFault(`gave callback ${at}, which takes ${found.length} arguments and not ${PARAMETERS}`);
  }
  return calledWithI32s(found as SampleCallback, `callback ${at}`);
}

/** A function of a guest that is told of a sample. */
export type SampleCallback = (context: number, data: number, size: number) => WasmValue;

/** Numbers for parameters that are i64 are a TypeError of V8's: it comes from no line of ours, nor from a trap. */
export function calledWithI32s(call: SampleCallback, what: string): SampleCallback {
  return (context, data, size) => {
    try {
      return call(context, data, size);
    } catch (error) {
      if (error instanceof TypeError)
        throw new GuestFault(`gave ${what}, whose arguments are not i32`, { cause: error });
      throw error;
    }
  };
}
