import type { NetfilterHook } from '../targets.js';
import { held } from './attach-by-section.js';
import { KERNEL_FEATURES } from './kernel-features.js';
import type { Attachment, AttachRequest, ProgramType } from './program-type.js';

/**
 * A hook of netfilter: `netfilter`. `@netfilter {"family": "ipv4", "hook": "local_in", "priority": 0}` says which one; these are the
 * defaults. The kernel refuses its own two priorities, the lowest and the highest number.
 *
 * Needs Linux 6.4 (`BPF_PROG_TYPE_NETFILTER`) with CONFIG_NETFILTER_BPF_LINK. Errors: EBPM_NOT_SUPPORTED, EBPM_ATTACH_FAILED.
 * @see https://github.com/torvalds/linux/blob/v6.4/include/uapi/linux/bpf.h
 */
export const NETFILTER: ProgramType = {
  name: 'netfilter',
  sections: ['netfilter'],
  prefixes: ['netfilter'],
  minimumKernel: '6.4',
  targets: [],
  feature: KERNEL_FEATURES.netfilter,
  attach,
};

/** NFPROTO_* and NF_INET_* (include/uapi/linux/netfilter.h). */
const FAMILIES = { ipv4: 2, ipv6: 10 } as const;
const HOOKS: readonly NetfilterHook[] = ['pre_routing', 'local_in', 'forward', 'local_out', 'post_routing'];

function attach({ native, program, kind, settings }: AttachRequest): Attachment {
  const { family = 'ipv4', hook = 'local_in', priority = 0 } = settings.netfilter ?? {};
  const link = native.attachNetfilter(
    program.name,
    kind.expectedAttachType,
    FAMILIES[family],
    HOOKS.indexOf(hook),
    priority,
  );
  return held(link, `${family}, hook ${hook}, priority ${priority}`);
}
