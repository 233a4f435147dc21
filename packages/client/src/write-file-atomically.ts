import { randomBytes } from 'node:crypto';
import { closeSync, fsync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { lstat, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** The one step that waits for the disk, and so the one that other threads are worth for. */
const sync = promisify(fsync);

/**
 * Writes a file so that it is there whole or not at all, also after a crash: under a temporary name beside it, synced,
 * then renamed. Folders are made where they are missing.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string, mode = 0o644): Promise<void> {
  await makeFolder(dirname(path));
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    await writeSynced(temporary, bytes, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Writes a new file and waits until it is on the disk. */
export async function writeSynced(path: string, bytes: Uint8Array | string, mode = 0o644): Promise<void> {
  const file = openSync(path, 'wx', mode);
  try {
    writeFileSync(file, bytes);
    await sync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Makes a folder and those above it, and waits until their names are on the disk, unless that does not matter. Node 20's own `recursive` never ends
 * where the system takes no folder at all, such as below /proc.
 */
export async function makeFolder(path: string, { isSynced = true } = {}): Promise<void> {
  try {
    await makeOne(path, isSynced);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFolder(dirname(path), { isSynced });
    await makeOne(path, isSynced);
  }
}

async function makeOne(path: string, isSynced: boolean): Promise<void> {
  for (;;) {
    try {
      mkdirSync(path);
      if (isSynced) await syncFolder(dirname(path));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (await isFolder(path)) return;
      // It may be gone again: whoever removes the last version of a package removes its folder.
      if (await isThere(path)) throw error;
    }
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Waits until the names in a folder are on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = openSync(path, 'r');
  try {
    await sync(folder);
  } finally {
    closeSync(folder);
  }
}
