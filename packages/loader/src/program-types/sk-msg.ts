import { attachToSocketMap } from './attach-to-socket-map.js';
import type { ProgramType } from './program-type.js';

/**
 * What processes send through the sockets of a sockmap or sockhash: `sk_msg`. The map is found as for `sk_skb`.
 *
 * Needs Linux 4.17 (`BPF_PROG_TYPE_SK_MSG`). Errors: EBPM_ATTACH_TARGET_MISSING.
 * @see https://github.com/torvalds/linux/blob/v4.17/include/uapi/linux/bpf.h
 */
export const SK_MSG: ProgramType = {
  name: 'sk_msg',
  sections: ['sk_msg'],
  prefixes: ['sk_msg'],
  minimumKernel: '4.17',
  targets: [],
  attach: attachToSocketMap,
};
