import { attachBySection } from './attach-by-section.js';
import type { ProgramType } from './program-type.js';

/**
 * A static point of the kernel with its raw arguments: `raw_tp/EVENT`.
 *
 * Needs Linux 4.17 (`BPF_RAW_TRACEPOINT_OPEN`). Errors: EBPM_ATTACH_TARGET_MISSING where there is no such event.
 * @see https://github.com/torvalds/linux/blob/v4.17/include/uapi/linux/bpf.h
 */
export const RAW_TRACEPOINT: ProgramType = {
  name: 'raw_tracepoint',
  sections: ['raw_tp/EVENT', 'raw_tracepoint/EVENT'],
  prefixes: ['raw_tp', 'raw_tracepoint'],
  minimumKernel: '4.17',
  targets: [],
  attach: attachBySection,
};
