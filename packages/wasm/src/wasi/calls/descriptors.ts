import { need, type OpenFile } from '../open-files.js';
import { RIGHT } from '../rights.js';
import { WasiError } from '../wasi-error.js';
import { FILE_TYPE, type FileType } from '../wasi-files.js';
import type { Wasi, WasiCall } from '../wasi-imports.js';

const FLAG = { append: 1, dsync: 2, nonblock: 4, rsync: 8, sync: 16 } as const;
const ALL_FLAGS = 31;

export function descriptorCalls(wasi: Wasi): Readonly<Record<string, WasiCall>> {
  const { host, files } = wasi;
  const { memory } = host;
  return {
    fd_close: (fd: number) => release(wasi, files.remove(fd)),
    fd_renumber: (from: number, to: number) => release(wasi, files.renumber(from, to)),
    fd_fdstat_get: (fd: number, pointer: number) => {
      const file = files.get(fd);
      const stat = memory.struct(pointer, 24);
      stat.setBigUint64(0, 0n, true);
      stat.setUint8(0, fileTypeOf(wasi, file));
      stat.setUint16(2, file.flags, true);
      stat.setBigUint64(8, file.rights, true);
      stat.setBigUint64(16, file.inheriting, true);
    },
    fd_fdstat_set_flags: (fd: number, flags: number) => {
      const file = files.get(fd);
      need(file, RIGHT.fdFdstatSetFlags);
      setFlags(wasi, file, flags);
    },
    fd_fdstat_set_rights: (fd: number, rights: bigint, inheriting: bigint) => {
      const file = files.get(fd);
      if ((rights & ~file.rights) !== 0n || (inheriting & ~file.inheriting) !== 0n) throw new WasiError('ENOTCAPABLE');
      file.rights = rights;
      file.inheriting = inheriting;
    },
    fd_prestat_get: (fd: number, pointer: number) => {
      const name = preopenName(files.get(fd));
      const stat = memory.struct(pointer, 8);
      // A directory is the only kind there is.
      stat.setUint32(0, 0, true);
      stat.setUint32(4, name.length, true);
    },
    fd_prestat_dir_name: (fd: number, pointer: number, length: number) => {
      const name = preopenName(files.get(fd));
      if (length >>> 0 < name.length) throw new WasiError('ENAMETOOLONG');
      memory.write(pointer, name);
    },
  };
}

/** What a stream is depends on where it goes. */
export function fileTypeOf({ host }: Wasi, file: OpenFile): FileType {
  if (file.kind === 'directory') return FILE_TYPE.directory;
  if (file.kind === 'file') return FILE_TYPE.regular;
  return file.stream !== 'stdin' && host.isTerminal(file.stream) ? FILE_TYPE.characterDevice : FILE_TYPE.unknown;
}

function release({ host }: Wasi, file: OpenFile | undefined): void {
  if (file !== undefined && file.kind !== 'stream') host.files.close(file.fd);
}

/** Files and streams never make a guest wait, so that nonblock changes nothing. As fcntl(2), what syncs stays as it was opened. */
function setFlags({ host }: Wasi, file: OpenFile, flags: number): void {
  if ((flags & ~ALL_FLAGS) !== 0) throw new WasiError('EINVAL');
  const synced = FLAG.dsync | FLAG.rsync | FLAG.sync;
  if ((flags & synced) !== (file.flags & synced)) throw new WasiError('ENOTSUP');
  if (file.kind === 'file') host.files.setAppend(file.fd, (flags & FLAG.append) !== 0);
  file.flags = flags;
}

/** @throws WasiError EBADF for what the guest was not given at its start: so a C library finds out how many there are */
function preopenName(file: OpenFile): Uint8Array {
  if (file.kind !== 'directory' || file.guestPath === undefined) throw new WasiError('EBADF');
  return Buffer.from(file.guestPath);
}
