import { need, type OpenFile, type RegularFile } from '../open-files.js';
import { RIGHT } from '../rights.js';
import { guestVectors, totalBytes } from '../vectors.js';
import { WasiError } from '../wasi-error.js';
import type { Wasi, WasiCall } from '../wasi-imports.js';

const WHENCE = { set: 0, current: 1, end: 2 } as const;

/** Largest position: the system's is signed. */
const MAX_POSITION = 2n ** 63n - 1n;

export function readWriteCalls(wasi: Wasi): Readonly<Record<string, WasiCall>> {
  const { host, files } = wasi;
  const { memory } = host;
  return {
    fd_read: (fd: number, vectors: number, count: number, read: number) => {
      const file = bytesOf(files.get(fd), RIGHT.fdRead);
      const buffers = guestVectors(memory, vectors, count);
      // Nobody writes to a guest's stdin.
      const bytes = file.kind === 'stream' ? 0 : host.files.read(file.fd, buffers, file.position);
      if (file.kind === 'file') file.position += BigInt(bytes);
      memory.setU32(read, bytes);
    },
    fd_pread: (fd: number, vectors: number, count: number, offset: bigint, read: number) => {
      const file = seekable(files.get(fd), RIGHT.fdRead | RIGHT.fdSeek);
      const buffers = guestVectors(memory, vectors, count);
      memory.setU32(read, host.files.read(file.fd, buffers, positionOf(offset)));
    },
    fd_write: (fd: number, vectors: number, count: number, written: number) => {
      const file = bytesOf(files.get(fd), RIGHT.fdWrite);
      const buffers = guestVectors(memory, vectors, count);
      memory.setU32(written, file.kind === 'file' ? writeOn(wasi, file, buffers) : say(wasi, file.stream, buffers));
    },
    fd_pwrite: (fd: number, vectors: number, count: number, offset: bigint, written: number) => {
      const file = seekable(files.get(fd), RIGHT.fdWrite | RIGHT.fdSeek);
      const buffers = guestVectors(memory, vectors, count);
      memory.setU32(written, host.files.write(file.fd, buffers, positionOf(offset)));
    },
    fd_seek: (fd: number, delta: bigint, whence: number, position: number) => {
      const opened = files.get(fd);
      // Asking where one is needs less.
      const file = seekable(opened, delta === 0n && whence === WHENCE.current ? RIGHT.fdTell : RIGHT.fdSeek);
      file.position = positionOf(seekBase(wasi, file, whence) + delta);
      memory.setU64(position, file.position);
    },
    fd_tell: (fd: number, position: number) => {
      memory.setU64(position, seekable(files.get(fd), RIGHT.fdTell).position);
    },
  };
}

/** @throws WasiError EISDIR for a directory */
function bytesOf(file: OpenFile, rights: bigint): Exclude<OpenFile, { kind: 'directory' }> {
  if (file.kind === 'directory') throw new WasiError('EISDIR');
  need(file, rights);
  return file;
}

/** @throws WasiError ESPIPE for a stream, EISDIR for a directory */
function seekable(file: OpenFile, rights: bigint): RegularFile {
  if (file.kind === 'stream') throw new WasiError('ESPIPE');
  if (file.kind === 'directory') throw new WasiError('EISDIR');
  need(file, rights);
  return file;
}

function positionOf(offset: bigint): bigint {
  if (offset < 0n || offset > MAX_POSITION) throw new WasiError('EINVAL');
  return offset;
}

function seekBase({ host }: Wasi, file: RegularFile, whence: number): bigint {
  if (whence === WHENCE.set) return 0n;
  if (whence === WHENCE.current) return file.position;
  if (whence === WHENCE.end) return host.files.state(file.fd).sizeBytes;
  throw new WasiError('EINVAL');
}

/** Flag 1, append: the kernel writes at the end, wherever that is by then. */
function writeOn({ host }: Wasi, file: RegularFile, buffers: readonly Uint8Array[]): number {
  const bytes = host.files.write(file.fd, buffers, file.position);
  file.position = (file.flags & 1) === 0 ? file.position + BigInt(bytes) : host.files.state(file.fd).sizeBytes;
  return bytes;
}

function say({ host }: Wasi, stream: 'stdin' | 'stdout' | 'stderr', buffers: readonly Uint8Array[]): number {
  if (stream === 'stdin') throw new WasiError('EBADF');
  for (const buffer of buffers) host[stream](buffer);
  return totalBytes(buffers);
}
