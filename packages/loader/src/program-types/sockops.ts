import { attachToCgroup } from './attach-to-cgroup.js';
import type { ProgramType } from './program-type.js';

/**
 * What happens to the TCP connections of a cgroup: `sockops`. The cgroup comes from `--target-cgroup` or the
 * package (`@target {"cgroup": ...}`); programs of others there run too.
 *
 * Needs Linux 5.7 (links of cgroups). Errors: EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING.
 * @see https://github.com/torvalds/linux/blob/v5.7/include/uapi/linux/bpf.h
 */
export const SOCKOPS: ProgramType = {
  name: 'sockops',
  sections: ['sockops'],
  prefixes: ['sockops'],
  minimumKernel: '5.7',
  targets: ['cgroup'],
  attach: attachToCgroup,
};
