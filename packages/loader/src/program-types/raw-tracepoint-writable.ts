import { attachBySection } from './attach-by-section.js';
import type { ProgramType } from './program-type.js';

/**
 * A static point whose arguments the program may change: `raw_tp.w/EVENT`. Only few events allow it, such as `bpf_test_finish` and
 * `nbd_send_request`.
 *
 * Needs Linux 5.2 (`BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE`). Errors: EBPM_ATTACH_TARGET_MISSING where there is no such event,
 * EBPM_ATTACH_FAILED where it gives less to write than the program writes.
 * @see https://github.com/torvalds/linux/blob/v5.2/include/uapi/linux/bpf.h
 */
export const RAW_TRACEPOINT_WRITABLE: ProgramType = {
  name: 'raw_tracepoint, writable',
  sections: ['raw_tp.w/EVENT', 'raw_tracepoint.w/EVENT'],
  prefixes: ['raw_tp.w', 'raw_tracepoint.w'],
  minimumKernel: '5.2',
  targets: [],
  attach: attachBySection,
};
