import { attachBySection } from './attach-by-section.js';
import type { ProgramType } from './program-type.js';

/**
 * The start of a kernel function, or a place in it: `kprobe/FUNCTION`, `kprobe/FUNCTION+0x10`.
 *
 * Needs Linux 4.1 (`BPF_PROG_TYPE_KPROBE`) with CONFIG_KPROBE_EVENTS. Errors: EBPM_ATTACH_TARGET_MISSING where there is no such
 * function (the compiler may have inlined it) or no kprobes, EBPM_ATTACH_FAILED where it may not be probed.
 * @see https://github.com/torvalds/linux/blob/v4.1/include/uapi/linux/bpf.h
 */
export const KPROBE: ProgramType = {
  name: 'kprobe',
  sections: ['kprobe/FUNCTION', 'kprobe/FUNCTION+OFFSET'],
  prefixes: ['kprobe'],
  minimumKernel: '4.1',
  targets: [],
  attach: attachBySection,
};
