import { existsSync, renameSync } from 'node:fs';
import { copyFile, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Digest, digestOf, isDigest } from '@ebpm/formats';
import { filesIn } from './files-in.js';
import { isLinked } from './is-linked.js';
import { readRegularFile } from './read-regular-file.js';
import { StorePaths } from './store-paths.js';
import { TemporaryFolder } from './temporary-folder.js';
import { unless } from './unless.js';
import { MAX_VERSION_FILE_BYTES, splitVersionFile } from './version-file.js';
import { makeFolder, writeSynced } from './write-file-atomically.js';
import { writing } from './writing.js';

/**
 * The archives of a store by their digests. What is installed has links of its own to their files: an archive here may be removed at any
 * time, by anybody, and nothing but a download is lost.
 */
export class ArchiveStore {
  readonly #paths: StorePaths;
  readonly #temporary: TemporaryFolder;

  /** @param home an absolute path, such as `$EBPM_HOME` */
  constructor(home: string) {
    this.#paths = new StorePaths(home);
    this.#temporary = new TemporaryFolder(this.#paths.temporary);
  }

  /** The digests of all archives, sorted. @throws EBPM_STORE_DAMAGED */
  async digests(): Promise<readonly Digest[]> {
    const root = this.#paths.archives;
    const found: Digest[] = [];
    for (const first of await filesIn(root)) {
      for (const file of await filesIn(join(root, first))) {
        const digest = `sha256:${first}${file.replace(/\.tar$/, '')}`;
        if (file.endsWith('.tar') && isDigest(digest)) found.push(digest);
      }
    }
    return found.sort();
  }

  /** The bytes that a digest names; undefined where they are not there, or damaged. */
  async read(digest: Digest): Promise<Uint8Array | undefined> {
    // A device, a folder, or what nobody may read: it can only be downloaded again.
    const bytes = await readRegularFile(this.#paths.archive(digest), MAX_VERSION_FILE_BYTES).catch(() => undefined);
    const archive = bytes && splitVersionFile(bytes).archive;
    return archive !== undefined && digestOf(archive) === digest ? archive : undefined;
  }

  /** Whether there is one of this digest, whole or not. */
  async has(digest: Digest): Promise<boolean> {
    return (await stat(this.#paths.archive(digest)).catch(unless('ENOENT'))) !== undefined;
  }

  /** Bytes on the disk that removing an archive frees: none while something installed has a link to it. Undefined where it is not there. */
  async freedBytes(digest: Digest): Promise<number | undefined> {
    const found = await stat(this.#paths.archive(digest)).catch(unless('ENOENT'));
    return found && (found.nlink === 1 ? found.size : 0);
  }

  /** Keeps an archive. @throws EBPM_STORE_UNWRITABLE */
  async write(digest: Digest, archive: Uint8Array): Promise<void> {
    await writing(() =>
      this.#temporary.use(async (file) => {
        await writeSynced(file, archive);
        await makeFolder(dirname(this.#paths.archive(digest)), { isSynced: false });
        renameSync(file, this.#paths.archive(digest));
      }),
    );
  }

  /** Takes an archive away. @throws EBPM_STORE_UNWRITABLE */
  async remove(digest: Digest): Promise<void> {
    await writing(async () => {
      await unlink(this.#paths.archive(digest)).catch(unless('ENOENT'));
    });
  }

  /** Makes the file of a version that was written and synced the archive to install it from, in the place of what is there. */
  async keep(digest: Digest, file: string): Promise<void> {
    const archive = this.#paths.archive(digest);
    if (!existsSync(dirname(archive))) await makeFolder(dirname(archive), { isSynced: false });
    if (isLinked(file, archive)) return;
    await this.#temporary.use(async (name) => {
      // Where there are no links it lies there twice.
      if (!isLinked(file, name)) await copyFile(file, name);
      renameSync(name, archive);
    });
  }
}
