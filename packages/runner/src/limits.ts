/** How much of a package is looked at, and how often a running one is read. Everything here comes from outside. */

/** Bytes of a global variable that can be an option: whoever sets more than that does not type it. */
export const MAX_VARIABLE_BYTES = 64 * 1024;

/** Bytes of a data section whose variables can be options: it is copied to change one of them. */
export const MAX_OPTION_SECTION_BYTES = 16 * 1024 * 1024;

/** Bytes of a file with a kernel's BTF: distribution kernels have 4 to 8 MiB, one with everything built in about 25. */
export const MAX_KERNEL_BTF_BYTES = 64 * 1024 * 1024;

/** Bytes of an object's name: what the loader takes. */
export const MAX_OBJECT_NAME_BYTES = 255;

/** Elements of a list that help shows of a default. */
export const MAX_SHOWN_ELEMENTS = 8;

/** Names of an enum that help and errors show. */
export const MAX_SHOWN_NAMES = 12;

/** Shortest time between two readings of a sampled map: a package may ask for 0, which would leave no time for anything else. */
export const SHORTEST_SAMPLE_MS = 10;

/** Longest time between two readings: what Node's timers take. */
export const LONGEST_SAMPLE_MS = 2 ** 31 - 1;

/** Entries of a hash map that are counted at the end to see whether it is full: a system call each, 10 ms in all. */
export const MAX_COUNTED_ENTRIES = 16_384;

/** Bytes of /proc/kallsyms: 10 to 20 MiB with many modules. */
export const KALLSYMS_MAX_BYTES = 64 * 1024 * 1024;

/** Functions of the kernel: a distribution's has 60,000 to 200,000. */
export const KALLSYMS_MAX_SYMBOLS = 2_000_000;

/** kallsyms has no sizes: what lies this far behind the last function is none of it. */
export const KERNEL_FUNCTION_MAX_BYTES = 1024 * 1024;

/** Sections and segments of an executable whose symbols are read; large ones have some dozen. */
export const EXECUTABLE_MAX_SECTIONS = 4096;
export const EXECUTABLE_MAX_SEGMENTS = 256;

/** Bytes of an executable's symbol table, and of its names: browsers without their symbols stripped have some ten megabytes. */
export const EXECUTABLE_MAX_TABLE_BYTES = 128 * 1024 * 1024;

/** Executables whose symbols are kept at a time: the programs of a busy machine and their libraries. */
export const EXECUTABLES_KEPT = 256;

/** Processes whose mappings are kept at a time. */
export const PROCESSES_KEPT = 1024;

/** Bytes of /proc/PID/maps, and mappings that are looked at: vm.max_map_count is 65,530 by default. */
export const PROCESS_MAPS_MAX_BYTES = 16 * 1024 * 1024;
export const PROCESS_MAPS_MAX = 65_536;

/** Bytes and functions of a perf map: a large Java program writes some megabytes. */
export const PERF_MAP_MAX_BYTES = 64 * 1024 * 1024;
export const PERF_MAP_MAX_SYMBOLS = 1_000_000;

/** Format strings of bpf_printk that are looked for, and bytes of each: the kernel takes no message beyond 1024 bytes. */
export const TRACE_FORMATS_MAX = 1000;
export const TRACE_FORMAT_MAX_BYTES = 1024;

/** Time between two readings of a trace_pipe, and bytes that are taken at a time: the rest waits in the kernel for the next turn. */
export const TRACE_TURN_MS = 50;
export const TRACE_TURN_MAX_BYTES = 1024 * 1024;

/** Bytes of one batch in a recording: what the loader hands over at most, by far more than the usual 1 MiB. */
export const MAX_RECORDED_BATCH_BYTES = 64 * 1024 * 1024;

/** Bytes of a recording's header: real ones have 200. */
export const MAX_RECORDED_HEADER_BYTES = 64 * 1024;

/** Bytes of a type or a ledger in a recording: the largest types have some thousand fields and enum names. */
export const MAX_RECORDED_JSON_BYTES = 8 * 1024 * 1024;

/** Characters of the unit of a recorded histogram: it is a word in a line of 80. */
export const MAX_RECORDED_UNIT_LENGTH = 256;

/** Streams in a recording: each has a printer. Objects have a handful of event maps. */
export const MAX_RECORDED_STREAMS = 256;

/** Bytes of names and stacks in one frame of a recording, and after how many such bytes they are written anew. */
export const SYMBOLS_FRAME_BYTES = 256 * 1024;
export const SYMBOLS_FORGOTTEN_BYTES = 16 * 1024 * 1024;

/** Bytes of a batch whose stacks are noted before it: as many names as these can have fit below the limit of a reader. */
export const STACKS_BATCH_BYTES = 1024 * 1024;

/** Bytes of names and stacks that a recording may want to have kept at a time: what a recorder leaves there, and a batch's more. */
export const MAX_RECORDED_SYMBOLS_BYTES = 64 * 1024 * 1024;

/** Bytes of a kernel's configuration, unpacked: a distribution's has 300 KB. */
export const KERNEL_CONFIG_MAX_BYTES = 8 * 1024 * 1024;

/** Bytes of a list of functions in tracefs or debugfs: one for each function of the kernel, 3 MB with many modules. */
export const FUNCTION_LIST_MAX_BYTES = 64 * 1024 * 1024;

/** Answers of the kernel that are kept for a boot, and bytes of their file: a package asks for some ten. */
export const MAX_KEPT_ANSWERS = 4096;
export const KEPT_ANSWERS_MAX_BYTES = 1024 * 1024;

/** Bytes of what a guest's process says at once: an eBPF object, and the values of its globals. */
export const MAX_GUEST_FRAME_BYTES = 33 * 1024 * 1024;
