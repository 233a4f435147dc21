// A store in a directory of one host, for any number of processes.
//
//   DIR/.tmp/<random>-<number>        being written
//   DIR/log/000000000001              an entry
//   DIR/blobs/sha256/<2>/<62>         a blob
//
// create:   write the temporary file with O_SYNC, link(2) it to its name (fails when the name is taken), fsync the directory.
// putBlob:  the same with rename(2), which replaces.
// A file is therefore never seen half written, and what was answered survives a power cut.

import { readdir, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '../clock.js';
import { STORE_LIMITS } from '../limits-log.js';
import type { Random } from '../random.js';
import { DurableFiles } from './durable-files.js';
import { checkedPrefix, isStoreKey, keyKind, type StoreKey } from './keys.js';
import { ignoreMissing, isErrno, localError } from './local-error.js';
import { readPart } from './read-part.js';
import type { Store } from './store.js';
import { checkRemovable, checkSize, pageLimit } from './store-checks.js';

/** Where the directory is, and what it takes. */
export interface DirectoryStoreOptions {
  /** Made when it does not exist. */
  readonly path: string;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Opens a store in a directory of this host. NFS and other shared file systems are not supported: use S3 for several hosts.
 * @throws EBPM_STORE_REFUSED when the directory cannot be made or read
 */
export async function openDirectoryStore({ path, clock, random }: DirectoryStoreOptions): Promise<Store> {
  const root = resolve(path);
  const files = new DurableFiles(root, random);
  const at = (key: StoreKey) => join(root, key);
  try {
    await files.makeRoot();
    await removeOldTemps(join(root, '.tmp'), clock);
  } catch (error) {
    throw localError('refused', `Cannot open the store "${root}"`, error);
  }
  return {
    name: `file:${root}`,
    async create(key, bytes, signal) {
      checkSize(key, bytes.length, 'create');
      return files.create(key, bytes, signal);
    },
    async putBlob(key, bytes, signal) {
      checkSize(key, bytes.length, 'write');
      await files.replace(key, bytes, signal);
      // The kernel took all of it, and the disk has it: what is read now would come from the kernel again.
      return 'vouched';
    },
    async putFile(key, path, signal) {
      checkSize(key, (await stat(path)).size, 'write');
      await files.replaceByFile(key, path, signal);
    },
    async overwriteEntry(key, bytes, signal) {
      checkSize(key, bytes.length, 'write');
      await files.replace(key, bytes, signal);
    },
    async get(key, range) {
      keyKind(key);
      return readPart(at(key), key, range);
    },
    async list(prefix, options = {}) {
      const found: StoreKey[] = [];
      const limit = pageLimit(options);
      for await (const key of keysUnder(root, checkedPrefix(prefix), options.after ?? '')) {
        if (found.length === limit) break;
        found.push(key);
      }
      return found;
    },
    async head(key) {
      keyKind(key);
      try {
        return (await stat(at(key))).size;
      } catch (error) {
        return ignoreMissing(error, `Cannot look for "${key}"`);
      }
    },
    async writtenAtMs(key) {
      keyKind(key);
      try {
        return (await stat(at(key))).mtimeMs;
      } catch (error) {
        return ignoreMissing(error, `Cannot look for "${key}"`);
      }
    },
    async remove(key) {
      checkRemovable(key);
      await files.remove(key);
    },
    clockOffsetMs: () => 0,
    close: () => files.close(),
  };
}

/** Keys in byte order. A directory sorts with its slash: "a-b/" comes before "a/". */
async function* keysUnder(root: string, prefix: string, after: string): AsyncGenerator<StoreKey> {
  for (const name of await namesIn(join(root, prefix))) {
    const key = prefix + name;
    if (!key.endsWith('/')) {
      if (key > after && isStoreKey(key)) yield key;
    } else if (key > after || after.startsWith(key)) {
      yield* keysUnder(root, key, after);
    }
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
  } catch (error) {
    ignoreMissing(error, `Cannot list "${directory}"`);
    return [];
  }
}

/** What processes that are gone left behind. */
async function removeOldTemps(directory: string, clock: Clock): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    try {
      const { mtimeMs } = await stat(path);
      if (clock.nowMs() - mtimeMs > STORE_LIMITS.tempAgeMs) await unlink(path);
    } catch (error) {
      // Another process that starts now may have removed it.
      if (!isErrno(error, 'ENOENT')) throw error;
    }
  }
}
