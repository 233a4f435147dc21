import type { WasmValue } from '../engine.js';
import { EPERM } from '../wasm-bpf/errno.js';
import { Refused } from './guest-kernel.js';

/** What the kernel or the broker refuses is the guest's to deal with; why, is for the person. */
export function orTold<T extends WasmValue>(
  { tell }: { readonly tell: (message: string) => void },
  action: () => T,
  otherwise: (refused: Refused) => T,
): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(error.message);
    return otherwise(error);
  }
}

/** What a guest is given for it: negative. */
export function errnoOf({ errno = EPERM }: Refused): number {
  return -errno;
}
