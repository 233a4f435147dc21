import { attachToSocketMap } from './attach-to-socket-map.js';
import type { ProgramType } from './program-type.js';

/**
 * What the sockets of a sockmap or sockhash receive: `sk_skb/stream_parser`, `sk_skb/stream_verdict`, `sk_skb/verdict` (Linux 5.13).
 * The map is the object's only one of that kind, or the one that `@target {"map": ...}` names; who puts sockets into it is the
 * package's affair, a `sockops` program as a rule.
 *
 * Needs Linux 4.14 (`BPF_PROG_TYPE_SK_SKB`). Errors: EBPM_ATTACH_TARGET_MISSING.
 * @see https://github.com/torvalds/linux/blob/v4.14/include/uapi/linux/bpf.h
 */
export const SK_SKB: ProgramType = {
  name: 'sk_skb',
  sections: ['sk_skb/stream_parser', 'sk_skb/stream_verdict', 'sk_skb/verdict'],
  prefixes: ['sk_skb/stream_parser', 'sk_skb/stream_verdict', 'sk_skb/verdict'],
  minimumKernel: '4.14',
  targets: [],
  attach: attachToSocketMap,
};
