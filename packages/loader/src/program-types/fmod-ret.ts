import { attachBySection } from './attach-by-section.js';
import type { ProgramType } from './program-type.js';

/**
 * Before a kernel function, with the right to return in its place: `fmod_ret/FUNCTION`. The kernel allows it for `security_*`, and
 * for what it marks for error injection where it has CONFIG_FUNCTION_ERROR_INJECTION.
 *
 * Needs Linux 5.7 (`BPF_MODIFY_RETURN`) and the kernel's BTF. Errors, on loading: EBPM_VERIFIER_REJECTED where the function may not be
 * changed, EBPM_ATTACH_TARGET_MISSING, EBPM_BTF_MISSING.
 * @see https://github.com/torvalds/linux/blob/v5.7/include/uapi/linux/bpf.h
 */
export const FMOD_RET: ProgramType = {
  name: 'fmod_ret',
  sections: ['fmod_ret/FUNCTION'],
  prefixes: ['fmod_ret', 'fmod_ret.s'],
  minimumKernel: '5.7',
  targets: [],
  attach: attachBySection,
};
