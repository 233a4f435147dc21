/** Time for one tool, unless the caller gives another: clang takes half a second for a program with vmlinux.h, and machines differ. */
export const DEFAULT_TOOL_TIMEOUT_MS = 60_000;

/** The same for a compiler that npm brings: V8 first compiles all of it, for several seconds. */
export const NPM_TOOL_TIMEOUT_MS = 180_000;

/** Heap of such a compiler; its WASM memory ends at 4 GiB by itself. */
export const NPM_TOOL_HEAP_MEGABYTES = 2048;

/** What one tool may write into one file: vmlinux.h of a kernel has 3 MB, an object well under 1 MB. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** What one tool may print: clang stops after 20 errors by itself, but each can quote long lines. */
export const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** Address space of one tool: clang needs a quarter of it; a source of nested macros would need all there is. */
export const MAX_ADDRESS_SPACE_BYTES = 4 * 1024 * 1024 * 1024;

/** A source or header that we read ourselves: what people write by hand is far below it. */
export const MAX_SOURCE_BYTES = 4 * 1024 * 1024;

/** BTF to make vmlinux.h from: kernels with every driver built in have about 10 MB. */
export const MAX_BTF_BYTES = 64 * 1024 * 1024;

/** Members of all the types that a skeleton declares; a struct that people send has some tens. */
export const MAX_SKELETON_MEMBERS = 20_000;

/** A WASM module that a build makes: with a C library it has some tens of kilobytes besides its objects. */
export const MAX_GUEST_BYTES = 64 * 1024 * 1024;
