import type { ErrorTable } from '@ebpm/formats';

/** What can go wrong in the lab. */
export const LAB_ERRORS = {
  EBPM_LAB_KERNEL_UNKNOWN: { exit: 2, meaning: 'The lab has no kernel of this version' },
  EBPM_LAB_INPUT_INVALID: { exit: 2, meaning: 'A guest path, variable or command cannot be handed to the guest' },
  EBPM_LAB_FILE_UNREADABLE: { exit: 1, meaning: 'A file that should go into the guest cannot be read' },
  EBPM_LAB_FILES_TOO_LARGE: { exit: 1, meaning: 'The files for the guest exceed what its memory holds' },
  EBPM_LAB_HOST_UNSUPPORTED: { exit: 1, meaning: 'The lab runs on x86-64 Linux only' },
  EBPM_LAB_CACHE_UNWRITABLE: { exit: 1, meaning: 'The folder for kernels cannot be made or written to' },
  EBPM_LAB_TOOL_MISSING: { exit: 1, meaning: 'A program that the lab needs is not installed' },
  EBPM_LAB_KERNEL_UNAVAILABLE: { exit: 1, meaning: 'apt does not offer this kernel' },
  EBPM_LAB_FETCH_FAILED: { exit: 1, meaning: 'The kernel package could not be downloaded or unpacked' },
  EBPM_LAB_QEMU_FAILED: { exit: 1, meaning: 'QEMU did not start or ended with an error' },
  EBPM_LAB_KERNEL_PANIC: { exit: 1, meaning: 'The guest kernel panicked' },
  EBPM_LAB_GUEST_ENDED: { exit: 1, meaning: 'The guest switched itself off before the command had ended' },
  EBPM_LAB_BOOT_TIMEOUT: { exit: 1, meaning: 'The guest did not become ready in time' },
  EBPM_LAB_DEADLINE: { exit: 1, meaning: 'The command did not end before its deadline' },
  EBPM_LAB_PROTOCOL: { exit: 1, meaning: 'The guest broke the control protocol' },
} as const satisfies ErrorTable;
