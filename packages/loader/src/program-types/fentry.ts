import { attachBySection } from './attach-by-section.js';
import type { ProgramType } from './program-type.js';

/**
 * The start of a kernel function, with typed arguments: `fentry/FUNCTION`, `fentry/MODULE:FUNCTION`. `fentry.s` may sleep.
 *
 * Needs Linux 5.5 (`BPF_TRACE_FENTRY`) and the kernel's BTF, where the function is looked up when the program is loaded.
 * Errors, on loading: EBPM_ATTACH_TARGET_MISSING, EBPM_BTF_MISSING.
 * @see https://github.com/torvalds/linux/blob/v5.5/include/uapi/linux/bpf.h
 */
export const FENTRY: ProgramType = {
  name: 'fentry',
  sections: ['fentry/FUNCTION', 'fentry/MODULE:FUNCTION'],
  prefixes: ['fentry', 'fentry.s'],
  minimumKernel: '5.5',
  targets: [],
  attach: attachBySection,
};
