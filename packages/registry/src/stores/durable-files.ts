import { closeSync, constants, fsync, rename, write } from 'node:fs';
import { copyFile, link, mkdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeDirectories } from '../make-directories.js';
import type { Random } from '../random.js';
import type { StoreKey } from './keys.js';
import { isErrno, localError } from './local-error.js';
import { openDescriptor, withDescriptor } from './open-descriptor.js';
import { StoreError } from './store-error.js';
import { withFile } from './with-file.js';

const writePart = promisify(write);
const sync = promisify(fsync);
const move = promisify(rename);

/** Puts files into a directory so that they are there whole, and stay there, or are not there at all. */
export class DurableFiles {
  readonly #root: string;
  /** Of this process's temporary files, which are numbered. */
  readonly #writer: string;
  #written = 0;
  /** Directories that this process has seen safely in their parents. */
  readonly #directories = new Map<string, Promise<void>>();
  /** Directories that are kept open: what is put into one is safe once it is synced. */
  readonly #opened = new Map<string, Promise<number>>();

  constructor(root: string, random: Random) {
    this.#root = root;
    this.#writer = random.hex(16);
  }

  /** Makes the root and the place for temporary files. */
  async makeRoot(): Promise<void> {
    const firstMade = makeDirectories(this.#root);
    if (firstMade !== undefined) {
      for (let path = this.#root; path.length >= firstMade.length; path = dirname(path))
        await syncDirectory(dirname(path));
    }
    await this.#makeDirectory(join(this.#root, '.tmp'));
  }

  /** Writes a file whose name is free; `exists` when it is not. */
  async create(key: StoreKey, bytes: Uint8Array, signal?: AbortSignal): Promise<'created' | 'exists'> {
    return this.#put({ key, write: (temp) => writeSynced(temp, bytes), signal }, async (temp, path) => {
      try {
        await link(temp, path);
        return 'created';
      } catch (error) {
        if (isErrno(error, 'EEXIST')) return 'exists';
        throw error;
      } finally {
        await unlink(temp).catch(leaveToCleaning);
      }
    });
  }

  /** Writes a file, whether its name is free or not. */
  async replace(key: StoreKey, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#put({ key, write: (temp) => writeSynced(temp, bytes), signal }, move);
  }

  /** Writes the bytes of another file, whether the name is free or not. */
  async replaceByFile(key: StoreKey, source: string, signal?: AbortSignal): Promise<void> {
    await this.#put({ key, write: (temp) => copySynced(source, temp), signal }, move);
  }

  /** Removes a file, if it is there. */
  async remove(key: StoreKey): Promise<void> {
    const path = join(this.#root, key);
    try {
      await unlink(path);
      await this.#sync(dirname(path));
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw localError('ambiguous', `Cannot remove "${key}"`, error);
    }
  }

  /** Closes the directories that were kept open. Nothing may be under way. */
  async close(): Promise<void> {
    const opened = [...this.#opened.values()];
    this.#opened.clear();
    for (const directory of await Promise.allSettled(opened)) {
      if (directory.status === 'fulfilled') closeSync(directory.value);
    }
  }

  /**
   * Up to the naming a failure means that nothing was done. From then on nobody can say.
   * @param giveName leaves no temporary file when it succeeds
   */
  async #put<T>({ key, write, signal }: NewFile, giveName: (temp: string, path: string) => Promise<T>): Promise<T> {
    const path = join(this.#root, key);
    const temp = join(this.#root, '.tmp', `${this.#writer}-${this.#written++}`);
    let outcome: 'refused' | 'ambiguous' = 'refused';
    let isTemp = true;
    try {
      await this.#makeDirectory(dirname(path));
      await write(temp);
      if (signal?.aborted === true) throw new StoreError('refused', `Cannot write "${key}": the request was given up`);
      outcome = 'ambiguous';
      const named = await giveName(temp, path);
      isTemp = false;
      // Also when the name was taken: whoever took it may not have come to this yet.
      await this.#sync(dirname(path));
      return named;
    } catch (error) {
      throw localError(isRefusal(error) ? 'refused' : outcome, `Cannot write "${key}"`, error);
    } finally {
      if (isTemp) await unlink(temp).catch(leaveToCleaning);
    }
  }

  async #sync(path: string): Promise<void> {
    if (!this.#opened.has(path) && this.#opened.size >= OPEN_DIRECTORIES) return syncDirectory(path);
    const opened = this.#opened.get(path) ?? openDescriptor({ path, flags: DIRECTORY });
    this.#opened.set(path, opened);
    try {
      await sync(await opened);
    } catch (error) {
      await this.#forget(path, opened);
      throw error;
    }
  }

  /** A directory that could not be synced is opened anew. */
  async #forget(path: string, opened: Promise<number>): Promise<void> {
    if (this.#opened.get(path) !== opened) return;
    this.#opened.delete(path);
    await opened.then(closeSync, () => undefined);
  }

  #makeDirectory(path: string): Promise<void> {
    if (path === this.#root) return Promise.resolve();
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const made = this.#makeSynced(path);
    this.#directories.set(path, made);
    made.catch(() => this.#directories.delete(path));
    return made;
  }

  /** The parent is fsynced even when the directory is there: another process may have made it and not come to that. */
  async #makeSynced(path: string): Promise<void> {
    await this.#makeDirectory(dirname(path));
    try {
      await mkdir(path);
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
    await syncDirectory(dirname(path));
  }
}

interface NewFile {
  readonly key: StoreKey;
  /** Fills the temporary file, and fsyncs it. */
  readonly write: (temp: string) => Promise<void>;
  readonly signal: AbortSignal | undefined;
}

/** link(2) and rename(2) have done nothing when they answer with one of these. */
function isRefusal(error: unknown): boolean {
  return isErrno(error, 'ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR') && 'dest' in error;
}

/**
 * With O_SYNC (open(2)) the disk has what was written when the call returns, as after an fsync, which would be another trip to a
 * thread and back. What is closed then waits for nothing.
 */
function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_SYNC } = constants;
  return withDescriptor({ path, flags: O_WRONLY | O_CREAT | O_EXCL | O_SYNC, mode: 0o644 }, async (file) => {
    for (let written = 0; written < bytes.length; ) {
      written += (await writePart(file, bytes, written, bytes.length - written)).bytesWritten;
    }
    if (bytes.length === 0) await sync(file);
  });
}

async function copySynced(source: string, path: string): Promise<void> {
  await copyFile(source, path, constants.COPYFILE_EXCL);
  await withFile({ path, flags: 'r' }, (file) => file.sync());
}

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY;

/** All 256 directories of blobs, and a few more; those of people are too many. */
const OPEN_DIRECTORIES = 300;

function syncDirectory(path: string): Promise<void> {
  return withDescriptor({ path, flags: DIRECTORY }, sync);
}

/** A temporary file that stays (it was never made, or the disk failed) is removed when a store is opened an hour later. */
function leaveToCleaning(): void {}
