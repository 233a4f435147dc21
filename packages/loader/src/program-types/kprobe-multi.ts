import { attachBySection } from './attach-by-section.js';
import { KERNEL_FEATURES } from './kernel-features.js';
import type { ProgramType } from './program-type.js';

/**
 * Many kernel functions at once, by a pattern: `kprobe.multi/tcp_*`, and their returns: `kretprobe.multi/tcp_*`.
 *
 * Needs Linux 5.18 (`BPF_TRACE_KPROBE_MULTI`) with CONFIG_FPROBE. Errors: EBPM_NOT_SUPPORTED, EBPM_ATTACH_TARGET_MISSING where
 * nothing matches.
 * @see https://github.com/torvalds/linux/blob/v5.18/include/uapi/linux/bpf.h
 */
export const KPROBE_MULTI: ProgramType = {
  name: 'kprobe.multi',
  sections: ['kprobe.multi/PATTERN', 'kretprobe.multi/PATTERN'],
  prefixes: ['kprobe.multi', 'kretprobe.multi'],
  minimumKernel: '5.18',
  targets: [],
  feature: KERNEL_FEATURES.kprobeMulti,
  attach: attachBySection,
};
