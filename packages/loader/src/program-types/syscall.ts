import type { Attachment, AttachRequest, ProgramType } from './program-type.js';

/**
 * A program that makes system calls of bpf(2) itself: `syscall`. It attaches to nothing: it is run once, without a context, when the
 * others are attached, and what it returned is told.
 *
 * Needs Linux 5.14 (`BPF_PROG_TYPE_SYSCALL`). Errors: EBPM_ATTACH_FAILED.
 * @see https://github.com/torvalds/linux/blob/v5.14/include/uapi/linux/bpf.h
 */
export const SYSCALL: ProgramType = {
  name: 'syscall',
  sections: ['syscall'],
  prefixes: ['syscall'],
  minimumKernel: '5.14',
  targets: [],
  attach,
};

function attach({ native, program }: AttachRequest): Attachment {
  return { returned: native.runSyscallProgram(program.name), close: () => {} };
}
