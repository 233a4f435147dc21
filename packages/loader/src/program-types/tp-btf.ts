import { attachBySection } from './attach-by-section.js';
import type { ProgramType } from './program-type.js';

/**
 * A static point with typed arguments: `tp_btf/EVENT`.
 *
 * Needs Linux 5.5 (`BPF_TRACE_RAW_TP`) and the kernel's BTF, where the event is looked up when the program is loaded.
 * Errors, on loading: EBPM_ATTACH_TARGET_MISSING, EBPM_BTF_MISSING.
 * @see https://github.com/torvalds/linux/blob/v5.5/include/uapi/linux/bpf.h
 */
export const TP_BTF: ProgramType = {
  name: 'tp_btf',
  sections: ['tp_btf/EVENT'],
  prefixes: ['tp_btf'],
  minimumKernel: '5.5',
  targets: [],
  attach: attachBySection,
};
