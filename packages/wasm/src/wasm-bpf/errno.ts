/**
 * Errors as Linux numbers them, which guests see negative.
 * @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/asm-generic/errno-base.h
 */
export const EPERM = 1;
export const ENOENT = 2;
export const EBADF = 9;
export const EINVAL = 22;
export const E2BIG = 7;
export const EAGAIN = 11;
export const EMFILE = 24;
