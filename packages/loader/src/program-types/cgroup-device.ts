import { attachToCgroup } from './attach-to-cgroup.js';
import type { ProgramType } from './program-type.js';

/**
 * The devices that processes of a cgroup open: `cgroup/dev`; 0 refuses. The cgroup comes from `--target-cgroup` or the
 * package (`@target {"cgroup": ...}`); programs of others there run too.
 *
 * Needs Linux 5.7 (links of cgroups). Errors: EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING.
 * @see https://github.com/torvalds/linux/blob/v5.7/include/uapi/linux/bpf.h
 */
export const CGROUP_DEVICE: ProgramType = {
  name: 'cgroup device',
  sections: ['cgroup/dev'],
  prefixes: ['cgroup/dev'],
  minimumKernel: '5.7',
  targets: ['cgroup'],
  attach: attachToCgroup,
};
