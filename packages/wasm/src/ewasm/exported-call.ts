import type { WasmExports } from '../engine.js';
import { GuestFault } from '../guest-fault.js';

/** A function of a guest, of i32 alone. */
export type GuestCall = (...args: number[]) => number;

/** What the guest exports by that name; undefined where it has nothing. @throws GuestFault where it is something else */
export function exportedCall(exports: WasmExports, name: string, parameters: number): GuestCall | undefined {
  const found = exports[name];
  return found === undefined ? undefined : guestCall(found, name, parameters);
}

/**
 * Makes sure that a function takes so many i32 and gives one. V8 shows how many it takes, but not of which type: numbers for an i64 it refuses with a TypeError.
 * @throws GuestFault
 */
export function guestCall(found: unknown, name: string, parameters: number): GuestCall {
  if (typeof found !== 'function') throw new GuestFault(`has a ${name} that is no function`);
  if (found.length !== parameters) {
    throw new GuestFault(`has a ${name} that takes ${found.length} arguments and not ${parameters}`);
  }
  return (...args) => {
    const result: unknown = callGuest(() => found(...args), name);
    if (typeof result !== 'number') throw new GuestFault(`has a ${name} that does not give an i32`);
    return result;
  };
}

function callGuest(call: () => unknown, name: string): unknown {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof TypeError) || !error.message.includes('BigInt')) throw error;
    throw new GuestFault(`has a ${name} whose arguments are not i32`, { cause: error });
  }
}
