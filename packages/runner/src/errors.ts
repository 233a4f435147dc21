import type { ErrorTable } from '@ebpm/formats';

/** What running and checking a package can fail with. */
export const RUNNER_ERRORS = {
  EBPM_ARGUMENT_UNKNOWN: { exit: 2, meaning: 'The program has no such option' },
  EBPM_ARGUMENT_INVALID: {
    exit: 2,
    meaning: 'An option of the program has no value, or one that its variable cannot hold',
  },
  EBPM_PACKAGE_INCONSISTENT: { exit: 1, meaning: 'What the package says of its object is not what the object holds' },
  EBPM_EVENT_TYPE_MISSING: { exit: 1, meaning: 'The package sends events and does not say of which type' },
  EBPM_EVENT_TYPE_UNKNOWN: { exit: 2, meaning: 'A map or struct that was named for events is not in the object' },
  EBPM_BTF_NOT_FOUND: {
    exit: 1,
    meaning: "The kernel's BTF is neither in the folder nor in the archive that was given",
  },
  EBPM_BTF_FILE_UNUSABLE: { exit: 1, meaning: "A file that was given as the kernel's BTF cannot be read as such" },
  EBPM_OBJECT_MISSING: { exit: 1, meaning: 'Metadata without an object, and none lies beside it' },
  EBPM_TARGET_UNUSED: { exit: 2, meaning: 'A target was named that no program of the package attaches to' },
  EBPM_STACKS_WHOLE: { exit: 2, meaning: 'Stacks are shown whole, so nothing can be chosen among them' },
  EBPM_STACKS_MISSING: { exit: 2, meaning: 'Stacks are to be folded or drawn, and the package shows none' },
  EBPM_TRACE_UNREADABLE: { exit: 1, meaning: 'What the program prints with bpf_printk cannot be read' },
  EBPM_TOOL_REFUSED: { exit: 1, meaning: 'A module wanted to start a tool that it may not, or that is not there' },
  EBPM_RECORD_FAILED: { exit: 1, meaning: 'Events cannot be recorded' },
  EBPM_RECORDING_INVALID: { exit: 1, meaning: 'What is to be replayed is no recording that this ebpm reads' },
  EBPM_RECORDING_DAMAGED: {
    exit: 1,
    meaning: 'A recording makes no sense from some place on; what is before it was shown',
  },
} as const satisfies ErrorTable;
