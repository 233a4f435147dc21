import type { ErrorTable } from '@ebpm/formats';

/** The errors of @ebpm/object: what can be wrong with the bytes of an eBPF object or of a BTF blob. */
export const OBJECT_ERRORS = {
  EBPM_ELF_INVALID: { exit: 1, meaning: 'The file is not a sound ELF file' },
  EBPM_ELF_UNSUPPORTED: { exit: 1, meaning: 'The file is ELF, but not a 64-bit relocatable eBPF object' },
  EBPM_ELF_BIG_ENDIAN: { exit: 1, meaning: 'The object was compiled for a big-endian machine' },
  EBPM_ELF_TOO_LARGE: { exit: 1, meaning: 'The file, or a table in it, is larger than any real eBPF object' },
  EBPM_BTF_INVALID: { exit: 1, meaning: 'The type information is not sound' },
  EBPM_BTF_UNSUPPORTED: { exit: 1, meaning: 'The type information has a form that ebpm does not know' },
  EBPM_BTF_TOO_LARGE: { exit: 1, meaning: 'The type information is larger or deeper than any real one' },
  EBPM_OBJECT_INVALID: { exit: 1, meaning: 'The parts of the object contradict each other' },
  EBPM_FACTS_TOO_LARGE: { exit: 1, meaning: 'A package has more eBPF objects, or does more, than any real one' },
  EBPM_OBJECT_UNSUPPORTED: { exit: 1, meaning: 'The object uses something that libbpf does not load' },
} as const satisfies ErrorTable;
