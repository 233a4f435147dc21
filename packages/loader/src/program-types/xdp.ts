import { held } from './attach-by-section.js';
import { interfaceTarget } from './find-target.js';
import type { Attachment, AttachRequest, ProgramType } from './program-type.js';

/**
 * Every packet that an interface receives, before the kernel looks at it: `xdp`, `xdp.frags`. The interface comes from
 * `--target-ifname` or the package (`@ifindex`, `@target {"ifname": ...}`). `@flags` chooses where: 2 in the kernel's generic code, 4 in
 * the driver, 8 in the hardware; 0 leaves the choice to the kernel. Attached through a link: it ends with the process, and a program
 * that is there already is never replaced.
 *
 * Needs Linux 5.9 (`BPF_LINK_TYPE_XDP`). Errors: EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING, EBPM_ATTACH_FAILED where the
 * interface has a program already, or its driver or hardware cannot.
 * @see https://github.com/torvalds/linux/blob/v5.9/include/uapi/linux/bpf.h
 */
export const XDP: ProgramType = {
  name: 'xdp',
  sections: ['xdp', 'xdp.frags'],
  prefixes: ['xdp', 'xdp.frags'],
  minimumKernel: '5.9',
  targets: ['ifname'],
  attach,
};

/**
 * XDP_FLAGS_MODES: a link takes no others. XDP_FLAGS_UPDATE_IF_NOEXIST (1) is what links do anyway.
 * @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/if_link.h
 */
const MODES: Readonly<Record<number, string>> = { 0: '', 2: ', generic mode', 4: ', driver mode', 8: ', offloaded' };
const UPDATE_IF_NOEXIST = 1;

function attach(request: AttachRequest): Attachment {
  const { native, program, kind, settings } = request;
  const ifindex = interfaceTarget(request);
  const flags = (settings.xdpFlags ?? 0) & ~UPDATE_IF_NOEXIST;
  const link = native.attachTo(program.name, ifindex, kind.expectedAttachType, flags);
  return held(link, `interface ${ifindex}${MODES[flags] ?? ''}`);
}
