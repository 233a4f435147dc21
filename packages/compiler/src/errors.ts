import type { ErrorTable } from '@ebpm/formats';

/** The errors of @ebpm/compiler. */
export const COMPILER_ERRORS = {
  EBPM_BUILD_ANNOTATION: { exit: 1, meaning: 'an annotation in a doc comment is not what a loader can read' },
  EBPM_BUILD_ARCH: { exit: 1, meaning: 'the processor architecture is not one that programs are built for' },
  EBPM_BUILD_COMPILE_FAILED: { exit: 1, meaning: 'the compiler refuses the source' },
  EBPM_BUILD_GUEST: { exit: 1, meaning: 'the sources of a WASM module are missing or contradict each other' },
  EBPM_BUILD_GUEST_IMPORT: {
    exit: 1,
    meaning: 'a WASM module asks for a function that no runtime of WASM packages has',
  },
  EBPM_BUILD_NO_BTF: { exit: 1, meaning: "there is no kernel's BTF to make vmlinux.h from" },
  EBPM_BUILD_NO_EVENT_STRUCT: { exit: 1, meaning: 'a map carries events, but no struct says what they look like' },
  EBPM_BUILD_NO_MANIFEST: { exit: 1, meaning: 'the directory to build has no ebpm.json' },
  EBPM_BUILD_NO_PROGRAM: { exit: 1, meaning: 'the source has no eBPF program' },
  EBPM_BUILD_SOURCE: { exit: 1, meaning: 'the project has no *.bpf.c, several, or one that cannot be read' },
  EBPM_BUILD_TIMEOUT: { exit: 1, meaning: 'a tool of the build took too long and was ended' },
  EBPM_BUILD_TOO_LARGE: { exit: 1, meaning: 'a file or an output of the build is larger than allowed' },
  EBPM_BUILD_TOOL_FAILED: { exit: 1, meaning: 'a tool of the build other than clang failed' },
  EBPM_TOOL_MISSING: { exit: 1, meaning: 'a tool that the build needs is not installed, or too old' },
} as const satisfies ErrorTable;
