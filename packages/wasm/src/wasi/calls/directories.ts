import { MAX_DIRECTORY_READ_BYTES } from '../limits.js';
import { type Directory, need, type OpenFile } from '../open-files.js';
import { RIGHT } from '../rights.js';
import { WasiError } from '../wasi-error.js';
import type { DirectoryEntry } from '../wasi-files.js';
import type { Wasi, WasiCall } from '../wasi-imports.js';

const HEADER_BYTES = 24;

/**
 * Entries stand one after another, each a header and a name; what does not fit is cut, so that a buffer that is full means that there is more. Cookies are the kernel's own, and a
 * wrong one gives other entries of the same directory, or none.
 */
export function directoryCalls({ host, files }: Wasi): Readonly<Record<string, WasiCall>> {
  return {
    fd_readdir: (fd: number, pointer: number, length: number, cookie: bigint, used: number) => {
      const directory = directoryOf(files.get(fd), RIGHT.fdReaddir);
      const room = host.memory.bytes(pointer, length);
      let at = 0;
      let from = cookie;
      while (at < room.length) {
        const entries = host.files.readDirectory(directory.fd, from, MAX_DIRECTORY_READ_BYTES);
        for (const entry of entries) at += put(room.subarray(at), entryBytes(entry));
        const last = entries.at(-1);
        if (last === undefined) break;
        from = last.next;
      }
      host.memory.setU32(used, at);
    },
  };
}

/** @throws WasiError ENOTDIR, ENOTCAPABLE */
export function directoryOf(file: OpenFile, rights: bigint): Directory {
  if (file.kind !== 'directory') throw new WasiError('ENOTDIR');
  need(file, rights);
  return file;
}

/** As much of it as there is room for; how much that was. */
function put(room: Uint8Array, bytes: Uint8Array): number {
  const part = bytes.subarray(0, room.length);
  room.set(part);
  return part.length;
}

function entryBytes({ name, inode, type, next }: DirectoryEntry): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES + name.length);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, next), 0);
  bytes.writeBigUInt64LE(inode, 8);
  bytes.writeUInt32LE(name.length, 16);
  bytes.writeUInt8(type, 20);
  bytes.set(name, HEADER_BYTES);
  return bytes;
}
