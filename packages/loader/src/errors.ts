import type { ErrorTable } from '@ebpm/formats';

/** The errors of @ebpm/loader. */
export const LOADER_ERRORS = {
  EBPM_LOADER_UNAVAILABLE: { exit: 1, meaning: 'The native addon is not built or cannot be loaded' },
  EBPM_OPEN_FAILED: { exit: 1, meaning: 'libbpf does not accept the object' },
  EBPM_LOAD_FAILED: { exit: 1, meaning: 'The kernel does not take a program or a map of the object' },
  EBPM_VERIFIER_REJECTED: { exit: 1, meaning: "The kernel's verifier refuses a program" },
  EBPM_CORE_RELOCATION: { exit: 1, meaning: 'The program reads a kernel field or type that this kernel does not have' },
  EBPM_BTF_MISSING: { exit: 1, meaning: "The kernel's type information is missing or cannot be read" },
  EBPM_NOT_PERMITTED: { exit: 1, meaning: 'The process may not load or attach eBPF programs' },
  EBPM_PRIVILEGES_KEPT: { exit: 1, meaning: 'The process could not give up its privileges after attaching' },
  EBPM_ATTACH_FAILED: { exit: 1, meaning: 'A program cannot be attached' },
  EBPM_ATTACH_TARGET_MISSING: { exit: 1, meaning: 'What a program attaches to does not exist here' },
  EBPM_TARGET_MISSING: { exit: 2, meaning: 'A program needs an interface, cgroup or file that nobody named' },
  EBPM_NOT_SUPPORTED: { exit: 1, meaning: 'This kernel lacks what a program needs, as a probe has shown' },
  EBPM_REMAINS_UNWRITABLE: { exit: 1, meaning: 'What would outlive a crash cannot be written down' },
  EBPM_PROGRAM_UNKNOWN: { exit: 1, meaning: 'The object has no program with that name' },
  EBPM_MAP_UNKNOWN: { exit: 1, meaning: 'The object has no map with that name' },
  EBPM_MAP_VALUE_INVALID: { exit: 1, meaning: 'The initial value or the size given to a map does not fit it' },
  EBPM_MAP_UNREADABLE: { exit: 1, meaning: 'The entries of a map cannot be read' },
  EBPM_MAP_UNWRITABLE: { exit: 1, meaning: 'The entries of a map cannot be set or deleted' },
  EBPM_MAP_TOO_LARGE: { exit: 1, meaning: 'A map holds more than is read at once' },
  EBPM_REFUSALS_UNCOUNTED: { exit: 1, meaning: 'The entries that maps refuse cannot be counted here' },
  EBPM_RUN_STATISTICS_UNAVAILABLE: { exit: 1, meaning: 'The run time of programs cannot be counted here' },
  EBPM_CONSUME_FAILED: { exit: 1, meaning: 'The events of a map cannot be read' },
} as const satisfies ErrorTable;
