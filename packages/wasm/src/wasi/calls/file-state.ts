import type { GuestMemory } from '../../guest-memory.js';
import { need, type OpenFile, type RegularFile } from '../open-files.js';
import { RIGHT } from '../rights.js';
import { WasiError } from '../wasi-error.js';
import type { FileState, FileTimes } from '../wasi-files.js';
import type { Wasi, WasiCall } from '../wasi-imports.js';
import { fileTypeOf } from './descriptors.js';

const MAX_SIZE = 2n ** 63n - 1n;
const ADVICES = 6;
const TIME = { accessed: 1, accessedNow: 2, modified: 4, modifiedNow: 8 } as const;

export function fileStateCalls(wasi: Wasi): Readonly<Record<string, WasiCall>> {
  const { host, files } = wasi;
  return {
    fd_filestat_get: (fd: number, pointer: number) => {
      const file = files.get(fd);
      need(file, RIGHT.fdFilestatGet);
      putState(host.memory, pointer, file.kind === 'stream' ? streamState(wasi, file) : host.files.state(file.fd));
    },
    fd_filestat_set_size: (fd: number, size: bigint) => {
      const file = regular(files.get(fd), RIGHT.fdFilestatSetSize);
      host.files.setSize(file.fd, sizeOf(size));
    },
    fd_filestat_set_times: (fd: number, accessed: bigint, modified: bigint, flags: number) => {
      const file = files.get(fd);
      if (file.kind === 'stream') throw new WasiError('ENOTSUP');
      need(file, RIGHT.fdFilestatSetTimes);
      host.files.setTimes(file.fd, timesOf(accessed, modified, flags));
    },
    fd_allocate: (fd: number, offset: bigint, length: bigint) => {
      const file = regular(files.get(fd), RIGHT.fdAllocate);
      const end = sizeOf(offset) + sizeOf(length);
      if (length === 0n) throw new WasiError('EINVAL');
      if (end > MAX_SIZE) throw new WasiError('EFBIG');
      host.files.allocate(file.fd, offset, length);
    },
    // Advice changes no result, and none is passed on.
    fd_advise: (fd: number, offset: bigint, length: bigint, advice: number) => {
      regular(files.get(fd), RIGHT.fdAdvise);
      sizeOf(offset);
      sizeOf(length);
      if (advice >>> 0 >= ADVICES) throw new WasiError('EINVAL');
    },
    fd_sync: (fd: number) => sync(wasi, files.get(fd), RIGHT.fdSync),
    fd_datasync: (fd: number) => sync(wasi, files.get(fd), RIGHT.fdDatasync),
  };
}

/** `filestat`: device, inode, kind, links, size and three times, in 64 bytes. */
export function putState(memory: GuestMemory, pointer: number, state: FileState): void {
  const stat = memory.struct(pointer, 64);
  stat.setBigUint64(0, state.device, true);
  stat.setBigUint64(8, state.inode, true);
  stat.setBigUint64(16, BigInt(state.type), true);
  stat.setBigUint64(24, state.links, true);
  stat.setBigUint64(32, state.sizeBytes, true);
  stat.setBigUint64(40, state.accessedNs, true);
  stat.setBigUint64(48, state.modifiedNs, true);
  stat.setBigUint64(56, state.changedNs, true);
}

/** @throws WasiError EINVAL where a time is to be both a given one and now */
export function timesOf(accessed: bigint, modified: bigint, flags: number): FileTimes {
  if ((flags & ~15) !== 0) throw new WasiError('EINVAL');
  return {
    accessed: timeOf(accessed, (flags & TIME.accessed) !== 0, (flags & TIME.accessedNow) !== 0),
    modified: timeOf(modified, (flags & TIME.modified) !== 0, (flags & TIME.modifiedNow) !== 0),
  };
}

function timeOf(ns: bigint, given: boolean, now: boolean): FileTimes['accessed'] {
  if (given && now) throw new WasiError('EINVAL');
  if (now) return 'now';
  return given ? BigInt.asUintN(64, ns) : undefined;
}

/** @throws WasiError EINVAL for a stream, EISDIR for a directory */
function regular(file: OpenFile, rights: bigint): RegularFile {
  if (file.kind === 'stream') throw new WasiError('EINVAL');
  if (file.kind === 'directory') throw new WasiError('EISDIR');
  need(file, rights);
  return file;
}

function sizeOf(size: bigint): bigint {
  if (size < 0n) throw new WasiError('EINVAL');
  return size;
}

function sync({ host }: Wasi, file: OpenFile, right: bigint): void {
  if (file.kind === 'stream') throw new WasiError('EINVAL');
  need(file, right);
  host.files.sync(file.fd, right === RIGHT.fdDatasync);
}

/** What a stream is connected to is nothing that a guest needs to know. */
function streamState(wasi: Wasi, file: OpenFile): FileState {
  return {
    device: 0n,
    inode: 0n,
    type: fileTypeOf(wasi, file),
    links: 1n,
    sizeBytes: 0n,
    accessedNs: 0n,
    modifiedNs: 0n,
    changedNs: 0n,
  };
}
