import { notSupported } from '../not-supported.js';
import { attachBySection } from './attach-by-section.js';
import { KERNEL_FEATURES } from './kernel-features.js';
import type { Attachment, AttachRequest, ProgramType } from './program-type.js';

/**
 * A hook of the kernel's security modules, with the right to deny: `lsm/HOOK`. `lsm.s` may sleep.
 *
 * Needs Linux 5.7 (`BPF_LSM_MAC`), CONFIG_BPF_LSM, `bpf` among the active modules (`lsm=` at boot), and the kernel's BTF. Where it is
 * not active a program would attach and never run, so that is refused. Errors: EBPM_NOT_SUPPORTED; on loading
 * EBPM_ATTACH_TARGET_MISSING, EBPM_BTF_MISSING.
 * @see https://github.com/torvalds/linux/blob/v5.7/include/uapi/linux/bpf.h
 */
export const LSM: ProgramType = {
  name: 'lsm',
  sections: ['lsm/HOOK'],
  prefixes: ['lsm', 'lsm.s'],
  minimumKernel: '5.7',
  targets: [],
  feature: KERNEL_FEATURES.bpfLsm,
  attach,
};

function attach(request: AttachRequest): Attachment {
  refuseInactive(request);
  return attachBySection(request);
}

/** @throws EBPM_NOT_SUPPORTED */
export function refuseInactive({ program }: Pick<AttachRequest, 'program'>): void {
  const answer = KERNEL_FEATURES.bpfLsm.probe();
  if (answer?.supported !== false) return;
  throw notSupported(`Cannot attach "${program.name}" to ${program.section}`, KERNEL_FEATURES.bpfLsm, answer);
}
