import type { ProgramType } from './program-type.js';
import { attachToUserFunction } from './user-function.js';

/**
 * The start of a function of a program or library: `uprobe//bin/bash:readline`, by the name of a library `uprobe/libc.so.6:malloc`,
 * or `uprobe` alone, with path and symbol from the package (`@target {"path": ..., "symbol": ...}`) or `--target-path`.
 * `--target-pid` narrows it to one process. `uprobe.s` may sleep (Linux 6.0).
 *
 * Needs Linux 4.3 with CONFIG_UPROBE_EVENTS. Errors: EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING where there is no such file or
 * symbol.
 * @see https://github.com/torvalds/linux/blob/v4.3/kernel/trace/trace_uprobe.c
 */
export const UPROBE: ProgramType = {
  name: 'uprobe',
  sections: ['uprobe/PATH:SYMBOL', 'uprobe/LIBRARY:SYMBOL', 'uprobe'],
  prefixes: ['uprobe', 'uprobe.s'],
  minimumKernel: '4.3',
  targets: ['path', 'pid'],
  attach: (request) => attachToUserFunction(request, false),
};
