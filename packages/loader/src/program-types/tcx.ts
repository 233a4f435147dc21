import { held } from './attach-by-section.js';
import { interfaceTarget } from './find-target.js';
import { KERNEL_FEATURES } from './kernel-features.js';
import type { Attachment, AttachRequest, ProgramType } from './program-type.js';

/**
 * Every packet that enters or leaves an interface, through a link: `tcx/ingress`, `tcx/egress`, and `tc/ingress`, `tc/egress`, which
 * are older names of the same. The interface comes from `--target-ifname` or the package.
 *
 * Needs Linux 6.6 (`BPF_TCX_INGRESS`). Errors: EBPM_NOT_SUPPORTED, EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING.
 * @see https://github.com/torvalds/linux/blob/v6.6/include/uapi/linux/bpf.h
 */
export const TCX: ProgramType = {
  name: 'tcx',
  sections: ['tcx/ingress', 'tcx/egress', 'tc/ingress', 'tc/egress'],
  prefixes: ['tcx/ingress', 'tcx/egress', 'tc/ingress', 'tc/egress'],
  minimumKernel: '6.6',
  targets: ['ifname'],
  feature: KERNEL_FEATURES.tcx,
  attach,
};

function attach(request: AttachRequest): Attachment {
  const { native, program, kind } = request;
  const ifindex = interfaceTarget(request);
  const direction = kind.prefix.endsWith('egress') ? 'egress' : 'ingress';
  const link = native.attachTo(program.name, ifindex, kind.expectedAttachType, 0);
  return held(link, `interface ${ifindex}, ${direction} (tcx)`);
}
