/** How much the loader takes and holds. */

/** Longest object name in bytes: far above the 15 that the kernel shows, short enough for any log line. */
export const MAX_OBJECT_NAME_BYTES = 255;

/**
 * Bytes of a batch by default: where throughput levels off, as measured with 32-byte records (1 MiB, reused, stays in the
 * second-level cache for the most part).
 */
export const DEFAULT_BATCH_BYTES = 1024 * 1024;

/** Smallest and largest batch that a caller may ask for. A record that does not fit makes the batch grow to fit it. */
export const MIN_BATCH_BYTES = 4096;
export const MAX_BATCH_BYTES = 64 * 1024 * 1024;

/** Pages of each CPU's perf buffer by default: what eunomia-bpf's and BCC's tools use, 256 KiB with pages of 4 KiB. */
export const DEFAULT_PERF_BUFFER_PAGES = 64;

/** Most pages of each CPU's perf buffer: 64 MiB a CPU with pages of 4 KiB. */
export const MAX_PERF_BUFFER_PAGES = 16_384;

/** Most bytes of keys and values that one reading of a map may give: it is held in memory, twice for a moment. */
export const MAX_MAP_READ_BYTES = 64 * 1024 * 1024;

/** Most maps of which refused entries are counted: each costs an instruction or two a call. Real objects have a handful. */
export const MAX_COUNTED_MAPS = 64;

/** Most lines of a log that an error carries: the telling ones stand at the end. */
export const MAX_LOG_LINES = 12;

/** Bytes of one part of a program or library that functions are looked up in: the symbol table of a large browser has about 100 MB. */
export const MAX_USER_SECTION_BYTES = 256 * 1024 * 1024;

/** Most functions that one uprobe.multi may match: what the kernel takes (v6.6, kernel/trace/bpf_trace.c, MAX_UPROBE_MULTI_CNT). */
export const MAX_FUNCTIONS = 1024 * 1024;

/** Most bytes of a record of what a process left: it has about 200. */
export const MAX_REMAINS_BYTES = 4096;
