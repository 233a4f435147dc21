import { GuestExit } from '../../guest-exit.js';
import { WasiError } from '../wasi-error.js';
import type { Wasi, WasiCall } from '../wasi-imports.js';

/** What one call of the system's generator fills at most. */
const RANDOM_BYTES = 1024 * 1024;

export function processCalls({ host }: Wasi): Readonly<Record<string, WasiCall>> {
  return {
    proc_exit: (code: number) => {
      throw new GuestExit(code >>> 0);
    },
    // There is nobody whom a guest could send a signal to.
    proc_raise: () => {
      throw new WasiError('ENOSYS');
    },
    sched_yield: () => undefined,
    random_get: (pointer: number, length: number) => {
      const bytes = host.memory.bytes(pointer, length);
      for (let at = 0; at < bytes.length; at += RANDOM_BYTES) host.random(bytes.subarray(at, at + RANDOM_BYTES));
    },
  };
}
