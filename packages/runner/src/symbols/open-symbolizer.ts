import { openSync } from 'node:fs';
import type { StackFrame, Symbolizer } from '@ebpm/events';
import { KALLSYMS_MAX_BYTES } from '../limits.js';
import { KernelSymbols } from './kernel-symbols.js';
import { type ProcessFiles, processFilesHere } from './process-files.js';
import { readToEnd } from './read-descriptor.js';
import { UserSymbols } from './user-symbols.js';

/**
 * Makes what names addresses. The kernel's symbols are read now, while that is permitted; they and those of programs are taken apart
 * when the first address asks for it.
 */
export function openSymbolizer(files: ProcessFiles = processFilesHere()): Symbolizer {
  const kernel = new KernelSymbols(readToEnd(openSync('/proc/kallsyms', 'r'), KALLSYMS_MAX_BYTES));
  const user = new UserSymbols(files);
  return {
    kernel: (addresses) => addresses.map((address, index) => kernelFrame(kernel, address, index === 0 ? 0n : 1n)),
    user: (pid, addresses) => user.frames(pid, addresses),
  };
}

/** Leaves addresses as they are. */
export const NO_SYMBOLS: Symbolizer = {
  kernel: (addresses) => addresses.map((address) => ({ address })),
  user: (_, addresses) => addresses.map((address) => ({ address })),
};

function kernelFrame(symbols: KernelSymbols, address: bigint, back: bigint): StackFrame {
  const found = symbols.find(address - back);
  if (found === undefined) return { address };
  return { address, symbol: found.name, offsetBytes: found.offsetBytes + Number(back), module: found.module };
}
