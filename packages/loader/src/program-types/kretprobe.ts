import { attachBySection } from './attach-by-section.js';
import type { ProgramType } from './program-type.js';

/**
 * The return of a kernel function: `kretprobe/FUNCTION`. The kernel keeps room for a limited number of calls that are under way.
 *
 * Needs Linux 4.1 with CONFIG_KPROBE_EVENTS. Errors: as of a kprobe.
 * @see https://github.com/torvalds/linux/blob/v4.1/include/uapi/linux/bpf.h
 */
export const KRETPROBE: ProgramType = {
  name: 'kretprobe',
  sections: ['kretprobe/FUNCTION'],
  prefixes: ['kretprobe'],
  minimumKernel: '4.1',
  targets: [],
  attach: attachBySection,
};
