/** How much a guest of the 2022 ABI has. */

/** Pages of its heap: the 2 MiB that its first runtime gave, in one piece behind the memory that the module declares. */
export const HEAP_PAGES = 32;

/** Bytes of the buffer of its arguments: the first runtime's. */
export const ARGUMENT_BUFFER_BYTES = 1024 * 1024;

/** Bytes of the buffer of an event, the NUL among them: the first runtime's. */
export const EVENT_BUFFER_BYTES = 4096;

/** Most bytes that one call of the printf family makes: above what it can put into its heap in one piece. */
export const MAX_PRINTED_BYTES = 1024 * 1024;
