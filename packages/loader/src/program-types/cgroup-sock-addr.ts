import { attachToCgroup } from './attach-to-cgroup.js';
import type { ProgramType } from './program-type.js';

/**
 * The addresses that processes of a cgroup connect, bind and send to: `cgroup/connect4` and its like; 0 refuses. The cgroup comes from `--target-cgroup` or the
 * package (`@target {"cgroup": ...}`); programs of others there run too.
 *
 * Needs Linux 5.7 (links of cgroups). Errors: EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING.
 * @see https://github.com/torvalds/linux/blob/v5.7/include/uapi/linux/bpf.h
 */
export const CGROUP_SOCK_ADDR: ProgramType = {
  name: 'cgroup sock_addr',
  sections: [
    'cgroup/connect4',
    'cgroup/bind4',
    'cgroup/sendmsg4',
    'cgroup/recvmsg4',
    'cgroup/getpeername4',
    'cgroup/getsockname4',
    '... 6',
  ],
  prefixes: [
    'cgroup/bind4',
    'cgroup/bind6',
    'cgroup/connect4',
    'cgroup/connect6',
    'cgroup/sendmsg4',
    'cgroup/sendmsg6',
    'cgroup/recvmsg4',
    'cgroup/recvmsg6',
    'cgroup/getpeername4',
    'cgroup/getpeername6',
    'cgroup/getsockname4',
    'cgroup/getsockname6',
  ],
  minimumKernel: '5.7',
  targets: ['cgroup'],
  attach: attachToCgroup,
};
