import { constants } from 'node:os';

/**
 * WASI's error numbers in their order, by Linux's names; only ENOTCAPABLE is WASI's own.
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#-errno-variant
 */
const NAMES = [
  ...(['SUCCESS', 'E2BIG', 'EACCES', 'EADDRINUSE', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EAGAIN', 'EALREADY'] as const),
  ...(['EBADF', 'EBADMSG', 'EBUSY', 'ECANCELED', 'ECHILD', 'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET'] as const),
  ...(['EDEADLK', 'EDESTADDRREQ', 'EDOM', 'EDQUOT', 'EEXIST', 'EFAULT', 'EFBIG', 'EHOSTUNREACH'] as const),
  ...(['EIDRM', 'EILSEQ', 'EINPROGRESS', 'EINTR', 'EINVAL', 'EIO', 'EISCONN', 'EISDIR'] as const),
  ...(['ELOOP', 'EMFILE', 'EMLINK', 'EMSGSIZE', 'EMULTIHOP', 'ENAMETOOLONG', 'ENETDOWN', 'ENETRESET'] as const),
  ...(['ENETUNREACH', 'ENFILE', 'ENOBUFS', 'ENODEV', 'ENOENT', 'ENOEXEC', 'ENOLCK', 'ENOLINK'] as const),
  ...(['ENOMEM', 'ENOMSG', 'ENOPROTOOPT', 'ENOSPC', 'ENOSYS', 'ENOTCONN', 'ENOTDIR', 'ENOTEMPTY'] as const),
  ...(['ENOTRECOVERABLE', 'ENOTSOCK', 'ENOTSUP', 'ENOTTY', 'ENXIO', 'EOVERFLOW', 'EOWNERDEAD', 'EPERM'] as const),
  ...(['EPIPE', 'EPROTO', 'EPROTONOSUPPORT', 'EPROTOTYPE', 'ERANGE', 'EROFS', 'ESPIPE', 'ESRCH'] as const),
  ...(['ESTALE', 'ETIMEDOUT', 'ETXTBSY', 'EXDEV', 'ENOTCAPABLE'] as const),
] as const;

/** An error that WASI has a number for. */
export type WasiErrorName = Exclude<(typeof NAMES)[number], 'SUCCESS'>;

/** What a call of a guest fails with; the guest goes on, and gets the number. */
export class WasiError extends Error {
  override readonly name = 'WasiError';
  readonly code: WasiErrorName;

  constructor(code: WasiErrorName) {
    super(code);
    this.code = code;
  }
}

/** WASI's number. */
export function wasiErrno(name: WasiErrorName): number {
  return NAMES.indexOf(name);
}

/** WASI's number of what a call threw, where it is an error of the system or WASI's; everything else is thrown on. */
export function errnoOf(error: unknown): number {
  if (error instanceof WasiError) return wasiErrno(error.code);
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number') throw error;
  return BY_LINUX.get(Math.abs(error.errno)) ?? wasiErrno('EIO');
}

/** WASI's number by Linux's. What Linux has and WASI has not is an I/O error. */
const BY_LINUX: ReadonlyMap<number, number> = new Map(
  NAMES.flatMap((name, number) => {
    const linux = (constants.errno as Readonly<Record<string, number>>)[name];
    return linux === undefined ? [] : [[linux, number] as const];
  }),
);
