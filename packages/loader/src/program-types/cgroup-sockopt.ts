import { attachToCgroup } from './attach-to-cgroup.js';
import type { ProgramType } from './program-type.js';

/**
 * The socket options that processes of a cgroup read and set: `cgroup/getsockopt`, `cgroup/setsockopt`; 0 refuses. The cgroup comes from `--target-cgroup` or the
 * package (`@target {"cgroup": ...}`); programs of others there run too.
 *
 * Needs Linux 5.7 (links of cgroups). Errors: EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING.
 * @see https://github.com/torvalds/linux/blob/v5.7/include/uapi/linux/bpf.h
 */
export const CGROUP_SOCKOPT: ProgramType = {
  name: 'cgroup sockopt',
  sections: ['cgroup/getsockopt', 'cgroup/setsockopt'],
  prefixes: ['cgroup/getsockopt', 'cgroup/setsockopt'],
  minimumKernel: '5.7',
  targets: ['cgroup'],
  attach: attachToCgroup,
};
