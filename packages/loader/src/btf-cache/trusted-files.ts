import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

// Files that only root can have written. A folder is trusted when it and all above it are folders, no links, belong to root,
// and can be written by root alone; then so are the names in it.

const ROOT = 0;
const OTHERS_WRITE = 0o022;

/** Whether a folder is there and only root can change what is in it. */
export function isTrustedFolder(folder: string): boolean {
  if (!folder.startsWith('/')) return false;
  for (let path = folder; ; path = dirname(path)) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isDirectory() || !isRootsAlone(stats)) return false;
    if (path === '/') return true;
  }
}

/** Makes a folder, and those above it, for root alone to write to. @throws TypeError when it is not root's in the end */
export function makeTrustedFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (!isTrustedFolder(folder)) throw new TypeError(`others than root may write to "${folder}" or above it`);
}

/** The bytes of a file in a trusted folder; undefined when it is not there, not root's alone, or larger. */
export function readTrustedFile(path: string, maxBytes: number): Buffer | undefined {
  const file = openIfThere(path);
  if (file === undefined) return undefined;
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || !isRootsAlone(stats) || stats.nlink !== 1 || stats.size > maxBytes) return undefined;
    const bytes = Buffer.alloc(stats.size);
    return readSync(file, bytes) === stats.size ? bytes : undefined;
  } finally {
    closeSync(file);
  }
}

/** Writes a file so that it is there whole or not at all. */
export function writeTrustedFile(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  const file = openSync(temporary, 'wx', 0o644);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Removes the oldest files with an ending, beyond so many. */
export function keepNewest(folder: string, ending: string, count: number): void {
  const paths = readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
  if (paths.length <= count) return;
  const dated = paths.map((path) => ({ path, time: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }));
  dated.sort((left, right) => right.time - left.time);
  for (const { path } of dated.slice(count)) rmSync(path, { force: true });
}

function isRootsAlone(stats: Stats): boolean {
  return stats.uid === ROOT && (stats.mode & OTHERS_WRITE) === 0;
}

/** Opening does not wait for a writer and follows no link. */
function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'EACCES') return undefined;
    throw error;
  }
}
