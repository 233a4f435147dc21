import { attachBySection } from './attach-by-section.js';
import type { ProgramType } from './program-type.js';

/**
 * The kernel's function behind a system call, whatever it is called on this architecture: `ksyscall/NAME`, and its return:
 * `kretsyscall/NAME`.
 *
 * A kprobe underneath: needs Linux 4.1 with CONFIG_KPROBE_EVENTS. Errors: as of a kprobe.
 * @see https://github.com/libbpf/libbpf/blob/v1.1.0/src/libbpf.c (bpf_program__attach_ksyscall)
 */
export const KSYSCALL: ProgramType = {
  name: 'ksyscall',
  sections: ['ksyscall/SYSCALL', 'kretsyscall/SYSCALL'],
  prefixes: ['ksyscall', 'kretsyscall'],
  minimumKernel: '4.1',
  targets: [],
  attach: attachBySection,
};
