import { attachToNetns } from './attach-to-netns.js';
import type { ProgramType } from './program-type.js';

/**
 * How the kernel takes the headers of a packet apart: `flow_dissector`. In the network namespace of ebpm, or with `--target-pid` of that
 * process; each namespace has room for one.
 *
 * Needs Linux 5.8 (links of network namespaces). Errors: EBPM_ATTACH_TARGET_MISSING, EBPM_ATTACH_FAILED where the place is taken.
 * @see https://github.com/torvalds/linux/blob/v5.8/include/uapi/linux/bpf.h
 */
export const FLOW_DISSECTOR: ProgramType = {
  name: 'flow_dissector',
  sections: ['flow_dissector'],
  prefixes: ['flow_dissector'],
  minimumKernel: '5.8',
  targets: ['pid'],
  attach: attachToNetns,
};
