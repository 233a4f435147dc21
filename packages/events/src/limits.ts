/** Largest event in bytes. A perf sample ends at 64 KiB; ring buffer events above 1 MiB would leave few places in a usual ring. */
export const RECORD_SIZE_LIMIT = 1024 * 1024;

/** Most fields of one event, those of nested structs included. Each becomes code, and V8 stops optimising very long functions. */
export const RECORD_FIELD_LIMIT = 1024;

/**
 * Longest text in bytes of one event of that size. Real values need at most 8 bytes of text per byte, keys and enum names apart, for
 * which there is room too; without a bound, unions of large arrays would let a small record grow into gigabytes.
 */
export function recordTextLimit(sizeBytes: number): number {
  return 16 * 1024 + 64 * sizeBytes;
}

/** Longest text in bytes of one byte of a flexible array, whose length the record tells: numbers need at most 8, keys of small structs more. */
export const FLEXIBLE_TEXT_LIMIT = 64;

/** Most slots of a histogram with powers of two: one for each that an integer of 128 bits can have. */
export const LOG2_SLOT_LIMIT = 128;

/** Most slots of a linear histogram, each a line: nobody reads as many. */
export const LINEAR_SLOT_LIMIT = 16_384;

/** Most different stacks that are counted: a profile of a busy machine has some thousand. */
export const FOLDED_STACK_LIMIT = 100_000;

/** Most frames of a stack that are shown: kernel.perf_event_max_stack is 127 unless an administrator raises it. */
export const STACK_FRAME_LIMIT = 1024;

/** Deepest nesting of structs and arrays in a record type that comes as JSON: BTF of real programs has about five. */
export const RECORD_NESTING_LIMIT = 32;

/** Most names of all enums of a record type that comes as JSON: the kernel's largest enum has about 1,000. */
export const ENUM_NAME_LIMIT = 65_536;

/** Longest name in a record type that comes as JSON: the C text of a type, which BTF's reader limits to 4096. */
export const NAME_LIMIT = 4096;

/** Longest path of a field that a person types; names of real fields have at most a few dozen letters. */
export const FIELD_PATH_LIMIT = 512;

/** Most columns that can be chosen: a terminal shows some dozens. */
export const COLUMN_LIMIT = 256;

/** Most fields that an error lists. */
export const LISTED_FIELD_LIMIT = 64;

/** Longest filter in characters. It becomes code, and V8 stops optimising very long functions. */
export const FILTER_LENGTH_LIMIT = 4096;

/** Deepest nesting of parentheses in a filter: each level is a level of recursion. */
export const FILTER_DEPTH_LIMIT = 64;

/** Most letters, dots and classes of a pattern: each may be visited for each byte of text until its state is known. */
export const PATTERN_POSITION_LIMIT = 256;

/** Deepest nesting of parentheses in a pattern. */
export const PATTERN_DEPTH_LIMIT = 64;

/** Most states of a pattern that are kept, about 2 KiB each. Usual patterns have a few dozen. */
export const PATTERN_STATE_LIMIT = 512;

/** Most names of users that are remembered; more than most machines have users. */
export const USER_NAME_LIMIT = 4096;

/** Most events of a sorted block. A block that is full is printed before its time. */
export const SORTED_RECORD_LIMIT = 65_536;

/** Most bytes of the events of a sorted block. */
export const SORTED_BYTES_LIMIT = 64 * 1024 * 1024;
