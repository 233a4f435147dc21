import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  readvSync,
  writevSync,
} from 'node:fs';
import { filesBeneath, type NativeBeneath } from '@ebpm/loader';
import { fileState, fileTypeOfEntry } from './file-state.js';
import { WasiError } from './wasi-error.js';
import { FILE_TYPE, type FileTimes, type OpenHow, type WasiFiles } from './wasi-files.js';

/** linux/fcntl.h; Node does not know it. */
const O_PATH = 0o10000000;

/** utimensat(2) */
const UTIME_NOW = 0x3fffffff;
const UTIME_OMIT = 0x3ffffffe;

const NS = 1_000_000_000n;

/** Largest position and size that Node takes; no file is as long. */
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** The files of this machine, as far as this process may. */
export function systemFiles(beneath: NativeBeneath = filesBeneath()): WasiFiles {
  const look = <T>(directory: number, path: string, follow: boolean, use: (fd: number) => T): T => {
    const fd = beneath.open(directory, path, O_PATH | (follow ? 0 : constants.O_NOFOLLOW), 0);
    try {
      return use(fd);
    } finally {
      closeSync(fd);
    }
  };
  return {
    open: (directory, path, how) => onlyFiles(beneath.open(directory, path, openFlags(how), 0o666)),
    close: closeSync,
    state: (fd) => fileState(fstatSync(fd, { bigint: true })),
    stateAt: (directory, path, follow) =>
      look(directory, path, follow, (fd) => fileState(fstatSync(fd, { bigint: true }))),
    read: (fd, buffers, position) =>
      buffers.length === 0 || position > MAX_SAFE ? 0 : readvSync(fd, buffers, Number(position)),
    write: (fd, buffers, position) => (buffers.length === 0 ? 0 : writevSync(fd, buffers, safe(position))),
    setAppend: beneath.setAppend,
    setSize: (fd, sizeBytes) => ftruncateSync(fd, safe(sizeBytes)),
    allocate: beneath.allocate,
    sync: (fd, dataOnly) => (dataOnly ? fdatasyncSync(fd) : fsyncSync(fd)),
    setTimes: (fd, times) => setTimes(beneath, fd, times),
    setTimesAt: (directory, path, follow, times) => look(directory, path, follow, (fd) => setTimes(beneath, fd, times)),
    readDirectory: (fd, cookie, maxBytes) =>
      beneath.readDirectory(fd, cookie, maxBytes).map(({ name, inode, next, type }) => {
        return { name, inode, next, type: fileTypeOfEntry(type) };
      }),
    makeDirectory: beneath.makeDirectory,
    removeDirectory: beneath.removeDirectory,
    unlink: beneath.unlink,
    rename: beneath.rename,
    link: beneath.link,
    symlink: beneath.symlink,
    readLink: beneath.readLink,
  };
}

/** Nobody waits for the other end of a FIFO, and no terminal becomes this process's own. */
function openFlags({ read, write, create, exclusive, truncate, directory, follow, append, sync }: OpenHow): number {
  return (
    (write ? (read ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY) |
    (create ? constants.O_CREAT : 0) |
    (exclusive ? constants.O_EXCL : 0) |
    (truncate ? constants.O_TRUNC : 0) |
    (directory ? constants.O_DIRECTORY : 0) |
    (follow ? 0 : constants.O_NOFOLLOW) |
    (append ? constants.O_APPEND : 0) |
    (sync === 'all' ? constants.O_SYNC : sync === 'data' ? constants.O_DSYNC : 0) |
    constants.O_NONBLOCK |
    constants.O_NOCTTY
  );
}

/** Reading or writing a device or a FIFO could wait for ever, or do more than that. */
function onlyFiles(fd: number): number {
  const { type } = fileState(fstatSync(fd, { bigint: true }));
  if (type === FILE_TYPE.regular || type === FILE_TYPE.directory) return fd;
  closeSync(fd);
  throw new WasiError('EACCES');
}

function setTimes(beneath: NativeBeneath, fd: number, { accessed, modified }: FileTimes): void {
  beneath.setTimes(fd, ...timespec(accessed), ...timespec(modified));
}

function timespec(time: FileTimes['accessed']): [seconds: bigint, nanoseconds: number] {
  if (time === undefined) return [0n, UTIME_OMIT];
  return time === 'now' ? [0n, UTIME_NOW] : [time / NS, Number(time % NS)];
}

function safe(position: bigint): number {
  if (position > MAX_SAFE) throw new WasiError('EFBIG');
  return Number(position);
}
