import { held } from './attach-by-section.js';
import { interfaceTarget } from './find-target.js';
import type { Attachment, AttachRequest, ProgramType } from './program-type.js';

/**
 * Copies of the packets of an interface: `socket`. ebpm opens a packet socket on it with the program as its filter, and reads nothing
 * from the socket: what the program wants to tell goes through its maps. The interface comes from `--target-ifname` or the package.
 *
 * Needs Linux 3.19 (`SO_ATTACH_BPF`). Errors: EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING.
 * @see https://github.com/torvalds/linux/blob/v3.19/include/uapi/linux/bpf.h
 */
export const SOCKET_FILTER: ProgramType = {
  name: 'socket filter',
  sections: ['socket'],
  prefixes: ['socket'],
  minimumKernel: '3.19',
  targets: ['ifname'],
  attach,
};

function attach(request: AttachRequest): Attachment {
  const ifindex = interfaceTarget(request);
  return held(request.native.attachSocketFilter(request.program.name, ifindex), `interface ${ifindex}`);
}
