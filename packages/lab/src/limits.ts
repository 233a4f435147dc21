/** Memory of the guest, in MiB: twice the largest initramfs (it is held packed and unpacked for a moment), and room for Node. */
export const GUEST_MEMORY_MIB = 2048;

/** Bytes of the caller's files: with node and its libraries (110 MB) they must fit twice into the guest's memory. */
export const MAX_FILES_BYTES = 512 * 1024 * 1024;

/** Entries of the caller's files: a large node_modules has about 50,000. */
export const MAX_FILES = 65_536;

/** Folder depth of the caller's files: no real tree is deeper, a loop of links is. */
export const MAX_FOLDER_DEPTH = 64;

/** Bytes of the command with its environment: the kernel takes 2 MiB (ARG_MAX with the usual stack), less is plenty. */
export const MAX_COMMAND_BYTES = 1024 * 1024;

/** Bytes of all result files together: they are held in memory. */
export const MAX_RESULTS_BYTES = 256 * 1024 * 1024;

/** Bytes kept of stdout and of stderr, the newest ones: they are held in memory. */
export const MAX_CAPTURED_BYTES = 16 * 1024 * 1024;

/** Bytes kept of the guest's console and of QEMU's own words: a panic with its backtrace takes about 4 KB. */
export const MAX_CONSOLE_BYTES = 64 * 1024;

/** Bytes of one line of the control protocol: the longest real one has about 30. */
export const MAX_CONTROL_LINE_BYTES = 128;

/** Time from power-on until the guest is ready, in ms: 3 s on a free core; this much on a crowded machine means that it hangs. */
export const MAX_BOOT_MS = 120_000;

/** The longest deadline in ms: what a timer of Node holds (2^31 - 1, about 24 days). */
export const MAX_DEADLINE_MS = 2_147_483_647;

/** Bytes that apt and dpkg may print. */
export const MAX_TOOL_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Program headers of an ELF file that are read: real ones have about a dozen. */
export const MAX_PROGRAM_HEADERS = 128;

/** Bytes of an ELF file's dynamic section: real ones have about 1 KB. */
export const MAX_DYNAMIC_BYTES = 64 * 1024;

/** Bytes of a library's name: Linux's PATH_MAX. */
export const MAX_LIBRARY_NAME_BYTES = 4096;
