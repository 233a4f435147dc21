import { attachToNetns } from './attach-to-netns.js';
import type { ProgramType } from './program-type.js';

/**
 * Which socket a new connection or datagram goes to: `sk_lookup`. In the network namespace of ebpm, or with `--target-pid` of that
 * process.
 *
 * Needs Linux 5.9 (`BPF_SK_LOOKUP`). Errors: EBPM_ATTACH_TARGET_MISSING where there is no such process.
 * @see https://github.com/torvalds/linux/blob/v5.9/include/uapi/linux/bpf.h
 */
export const SK_LOOKUP: ProgramType = {
  name: 'sk_lookup',
  sections: ['sk_lookup'],
  prefixes: ['sk_lookup'],
  minimumKernel: '5.9',
  targets: ['pid'],
  attach: attachToNetns,
};
