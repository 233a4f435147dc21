/** How much of a package is looked at, and how often a running one is read. Everything here comes from outside. */

/** Bytes of a global variable that can be an option: whoever sets more than that does not type it. */
export const MAX_VARIABLE_BYTES = 64 * 1024;

/** Bytes of a data section whose variables can be options: it is copied to change one of them. */
export const MAX_OPTION_SECTION_BYTES = 16 * 1024 * 1024;

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
