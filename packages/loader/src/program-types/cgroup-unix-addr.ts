import { attachToCgroup } from './attach-to-cgroup.js';
import { KERNEL_FEATURES } from './kernel-features.js';
import type { ProgramType } from './program-type.js';

/**
 * The Unix sockets that processes of a cgroup connect and send to: `cgroup/connect_unix` and its like; 0 refuses. The cgroup comes from
 * `--target-cgroup` or the package (`@target {"cgroup": ...}`); programs of others there run too.
 *
 * Needs Linux 6.7 (`BPF_CGROUP_UNIX_CONNECT`). Errors: EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING; on loading EBPM_NOT_SUPPORTED.
 * @see https://github.com/torvalds/linux/blob/v6.7/include/uapi/linux/bpf.h
 */
export const CGROUP_UNIX_ADDR: ProgramType = {
  name: 'cgroup unix_addr',
  sections: ['cgroup/connect_unix', '... sendmsg', '... recvmsg', '... getpeername', '... getsockname'],
  prefixes: [
    'cgroup/connect_unix',
    'cgroup/sendmsg_unix',
    'cgroup/recvmsg_unix',
    'cgroup/getpeername_unix',
    'cgroup/getsockname_unix',
  ],
  minimumKernel: '6.7',
  targets: ['cgroup'],
  feature: KERNEL_FEATURES.cgroupUnix,
  attach: attachToCgroup,
};
