/** How much a guest may ask of WASI. */

/** Most descriptors that a guest has open, stdio and its directories among them: what small C programs are content with. */
export const MAX_OPEN_FILES = 256;

/** Most buffers of one read or write: Linux's own limit (limits.h, IOV_MAX). */
export const MAX_VECTORS = 1024;

/** Most bytes that one read or write moves; what is asked beyond it is left for the next, as a short read or write. */
export const MAX_TRANSFER_BYTES = 16 * 1024 * 1024;

/** Longest path in bytes: Linux's PATH_MAX. */
export const MAX_GUEST_PATH_BYTES = 4096;

/** Most things that one poll_oneoff waits for: far more than the descriptors there can be, and timers. */
export const MAX_SUBSCRIPTIONS = 1024;

/** Most bytes of names that one reading of a directory takes from the kernel. */
export const MAX_DIRECTORY_READ_BYTES = 64 * 1024;
