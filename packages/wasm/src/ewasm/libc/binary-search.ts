import type { WasmFunction, WasmTable } from '../../engine.js';
import { GuestFault } from '../../guest-fault.js';
import { type GuestCall, guestCall } from '../exported-call.js';
import type { Libc } from './libc-imports.js';

export function searchCalls({ memory, table }: Libc): Readonly<Record<string, WasmFunction>> {
  return {
    bsearch: (...[key, array, count, size, comparator]: [number, number, number, number, number]) => {
      const compare = comparatorOf(table(), comparator);
      const start = array >>> 0;
      const bytes = size >>> 0;
      if ((count >>> 0) * bytes > 0xffffffff)
        throw new GuestFault(`searched ${count >>> 0} elements of ${bytes} bytes`);
      memory.bytes(array, (count >>> 0) * bytes);
      let low = 0;
      let high = count >>> 0;
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const element = start + middle * bytes;
        const order = compare(key, element);
        if (order === 0) return element;
        if (order < 0) high = middle;
        else low = middle + 1;
      }
      return 0;
    },
  };
}

/** @throws GuestFault where there is no such function */
function comparatorOf(table: WasmTable | undefined, index: number): GuestCall {
  if (table === undefined) throw new GuestFault('gave a comparator, and exports no __indirect_function_table');
  const at = index >>> 0;
  if (at >= table.length) throw new GuestFault(`gave comparator ${at}, and its table has ${table.length} functions`);
  return guestCall(table.get(at), `comparator ${at}`, 2);
}
