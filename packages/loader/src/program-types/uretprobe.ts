import type { ProgramType } from './program-type.js';
import { attachToUserFunction } from './user-function.js';

/**
 * The return of a function of a program or library: `uretprobe//bin/bash:readline`. Everything else as for a uprobe.
 *
 * Needs Linux 4.3 with CONFIG_UPROBE_EVENTS. Errors: as of a uprobe.
 * @see https://github.com/torvalds/linux/blob/v4.3/kernel/trace/trace_uprobe.c
 */
export const URETPROBE: ProgramType = {
  name: 'uretprobe',
  sections: ['uretprobe/PATH:SYMBOL', 'uretprobe/LIBRARY:SYMBOL', 'uretprobe'],
  prefixes: ['uretprobe', 'uretprobe.s'],
  minimumKernel: '4.3',
  targets: ['path', 'pid'],
  attach: (request) => attachToUserFunction(request, true),
};
