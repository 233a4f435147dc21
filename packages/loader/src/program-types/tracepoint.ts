import { attachBySection } from './attach-by-section.js';
import type { ProgramType } from './program-type.js';

/**
 * A static point of the kernel, by its name in tracefs: `tp/CATEGORY/EVENT`.
 *
 * Needs Linux 4.7 (`BPF_PROG_TYPE_TRACEPOINT`) and tracefs, where the event's number stands.
 * Errors: EBPM_ATTACH_TARGET_MISSING where there is no such event or no tracefs.
 * @see https://github.com/torvalds/linux/blob/v4.7/include/uapi/linux/bpf.h
 */
export const TRACEPOINT: ProgramType = {
  name: 'tracepoint',
  sections: ['tp/CATEGORY/EVENT', 'tracepoint/CATEGORY/EVENT'],
  prefixes: ['tp', 'tracepoint'],
  minimumKernel: '4.7',
  targets: [],
  attach: attachBySection,
};
