import { attachToCgroup } from './attach-to-cgroup.js';
import { KERNEL_FEATURES } from './kernel-features.js';
import { refuseInactive } from './lsm.js';
import type { ProgramType } from './program-type.js';

/**
 * A hook of the kernel's security modules for the processes of a cgroup: `lsm_cgroup/HOOK`, with `--target-cgroup`.
 *
 * Needs Linux 6.0 (`BPF_LSM_CGROUP`) and what `lsm` needs. Errors: as of `lsm`, EBPM_TARGET_MISSING.
 * @see https://github.com/torvalds/linux/blob/v6.0/include/uapi/linux/bpf.h
 */
export const LSM_CGROUP: ProgramType = {
  name: 'lsm_cgroup',
  sections: ['lsm_cgroup/HOOK'],
  prefixes: ['lsm_cgroup'],
  minimumKernel: '6.0',
  targets: ['cgroup'],
  feature: KERNEL_FEATURES.bpfLsm,
  attach: (request) => {
    refuseInactive(request);
    return attachToCgroup(request);
  },
};
