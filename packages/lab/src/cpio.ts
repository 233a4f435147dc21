import { open } from 'node:fs/promises';
import { EbpmError } from '@ebpm/formats';
import type { GuestEntry, GuestTree, HostFile } from './guest-tree.js';

/*
 * The cpio "newc" format, which the kernel unpacks into its first file system (Documentation/driver-api/early-userspace/
 * buffer-format.rst, https://github.com/torvalds/linux/blob/v6.1/Documentation/driver-api/early-userspace/buffer-format.rst):
 *
 *   "070701", 13 fields of 8 hex digits, the name with a NUL, zeros to a multiple of 4, the content, zeros to a multiple of 4
 *
 * and a last entry named TRAILER!!!. Ours rather than cpio(1): entries come from memory as well as from files, belong to root
 * without our being root, and host paths, times and owners stay out of the archive.
 */

const TYPE_BITS = { file: 0o100000, directory: 0o040000, link: 0o120000 } as const;
const ALIGNMENT = 4;
const CHUNK_BYTES = 1024 * 1024;

/**
 * Writes a guest's files as an uncompressed archive, piece by piece; all entries belong to root and have time 0. A piece is valid
 * until the next one is asked for.
 * @throws EBPM_LAB_FILE_UNREADABLE when a host file is gone or has become shorter
 */
export async function* cpioArchive(tree: GuestTree): AsyncGenerator<Uint8Array> {
  let inode = 1;
  for (const [path, entry] of tree) {
    // The root itself is ".": without it the guest's root would get tmpfs's mode, which is world-writable.
    const name = path === '/' ? '.' : path.slice(1);
    yield header(name, inode++, mode(entry), contentBytes(entry));
    yield* content(entry);
    yield padding(contentBytes(entry));
  }
  yield header('TRAILER!!!', 0, 0, 0);
}

function header(name: string, inode: number, modeBits: number, sizeBytes: number): Uint8Array {
  const nameBytes = Buffer.byteLength(name) + 1;
  // ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
  const fields = [inode, modeBits, 0, 0, 1, 0, sizeBytes, 0, 0, 0, 0, nameBytes, 0];
  const text = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
  const bytes = Buffer.from(text);
  return Buffer.concat([bytes, padding(bytes.length)]);
}

function mode(entry: GuestEntry): number {
  return TYPE_BITS[entry.kind] | (entry.kind === 'link' ? 0o777 : entry.mode);
}

function contentBytes(entry: GuestEntry): number {
  if (entry.kind === 'directory') return 0;
  if (entry.kind === 'link') return Buffer.byteLength(entry.target);
  return entry.content instanceof Uint8Array ? entry.content.length : entry.content.sizeBytes;
}

async function* content(entry: GuestEntry): AsyncGenerator<Uint8Array> {
  if (entry.kind === 'directory') return;
  if (entry.kind === 'link') yield Buffer.from(entry.target);
  else if (entry.content instanceof Uint8Array) yield entry.content;
  else yield* fileContent(entry.content);
}

/** Exactly the announced number of bytes: a file that grows meanwhile is cut, one that shrinks is an error. */
async function* fileContent({ hostPath, sizeBytes }: HostFile): AsyncGenerator<Uint8Array> {
  const file = await open(hostPath).catch((cause) => {
    throw unreadable(hostPath, 'it cannot be opened', cause);
  });
  try {
    const chunk = Buffer.allocUnsafe(Math.min(sizeBytes, CHUNK_BYTES));
    for (let left = sizeBytes; left > 0; ) {
      const { bytesRead } = await file.read(chunk, 0, Math.min(left, chunk.length));
      if (bytesRead === 0) throw unreadable(hostPath, 'it became shorter while it was read');
      left -= bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function padding(bytes: number): Uint8Array {
  return new Uint8Array((ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT);
}

function unreadable(path: string, reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_LAB_FILE_UNREADABLE', `Cannot put ${JSON.stringify(path)} into the guest: ${reason}`, {
    cause,
  });
}
