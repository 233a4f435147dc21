import { attachToCgroup } from './attach-to-cgroup.js';
import type { ProgramType } from './program-type.js';

/**
 * The sysctls that processes of a cgroup read and write: `cgroup/sysctl`; 0 refuses. The cgroup comes from `--target-cgroup` or the
 * package (`@target {"cgroup": ...}`); programs of others there run too.
 *
 * Needs Linux 5.7 (links of cgroups). Errors: EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING.
 * @see https://github.com/torvalds/linux/blob/v5.7/include/uapi/linux/bpf.h
 */
export const CGROUP_SYSCTL: ProgramType = {
  name: 'cgroup sysctl',
  sections: ['cgroup/sysctl'],
  prefixes: ['cgroup/sysctl'],
  minimumKernel: '5.7',
  targets: ['cgroup'],
  attach: attachToCgroup,
};
