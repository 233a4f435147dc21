import { attachToCgroup } from './attach-to-cgroup.js';
import type { ProgramType } from './program-type.js';

/**
 * The packets of the sockets of a cgroup: `cgroup_skb/ingress`, `cgroup_skb/egress`; 0 drops one. The cgroup comes from `--target-cgroup` or the
 * package (`@target {"cgroup": ...}`); programs of others there run too.
 *
 * Needs Linux 5.7 (links of cgroups). Errors: EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING.
 * @see https://github.com/torvalds/linux/blob/v5.7/include/uapi/linux/bpf.h
 */
export const CGROUP_SKB: ProgramType = {
  name: 'cgroup_skb',
  sections: ['cgroup_skb/ingress', 'cgroup_skb/egress'],
  prefixes: ['cgroup_skb/ingress', 'cgroup_skb/egress', 'cgroup/skb'],
  minimumKernel: '5.7',
  targets: ['cgroup'],
  attach: attachToCgroup,
};
