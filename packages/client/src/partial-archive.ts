import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestHex, MAX_PACKAGE_BYTES } from '@ebpm/formats';
import type { Continued } from './answer-body.js';
import { filesIn } from './files-in.js';
import { readRegularFile } from './read-regular-file.js';
import { StorePaths } from './store-paths.js';
import { unless } from './unless.js';
import { makeFolder } from './write-file-atomically.js';
import { writing } from './writing.js';

/**
 * The beginning of an archive that is being downloaded, kept on the disk for the next attempt. Each download has a file of its own, to which
 * it only ever appends: so whatever lies there is a beginning, and another process may copy it at any time. The digest says in the end whether
 * it was the right one.
 */
export class PartialArchive implements Continued {
  readonly begun: Uint8Array;
  readonly #folder: string;
  readonly #prefix: string;
  #file: FileHandle | undefined;

  private constructor(folder: string, prefix: string, begun: Uint8Array) {
    this.#folder = folder;
    this.#prefix = prefix;
    this.begun = begun;
  }

  /** Takes the longest beginning that an earlier download left. @throws EBPM_STORE_DAMAGED */
  static async open(home: string, digest: Digest): Promise<PartialArchive> {
    const folder = new StorePaths(home).temporary;
    const prefix = `${digestHex(digest)}.`;
    let begun: Uint8Array = new Uint8Array();
    for (const name of (await filesIn(folder)).filter((file) => file.startsWith(prefix))) {
      // What cannot be read is downloaded again.
      const found = await readRegularFile(join(folder, name), MAX_PACKAGE_BYTES).catch(() => undefined);
      if (found !== undefined && found.length > begun.length) begun = found;
    }
    return new PartialArchive(folder, prefix, begun);
  }

  /** Whether there is anything of it. */
  get isBegun(): boolean {
    return this.begun.length > 0 || this.#file !== undefined;
  }

  readonly onPart = async (part: Uint8Array, restarted: boolean): Promise<void> => {
    await writing(async () => {
      if (restarted) await this.close();
      const isNew = this.#file === undefined;
      this.#file ??= await this.#create();
      if (isNew && !restarted) await this.#file.appendFile(this.begun);
      await this.#file.appendFile(part);
    });
  };

  /** Closes the file, which stays for the next attempt. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** Removes all that is kept of the archive: it is there now, or its beginning was not the right one. @throws EBPM_STORE_UNWRITABLE */
  async remove(): Promise<void> {
    await this.close();
    await writing(async () => {
      for (const name of await filesIn(this.#folder)) {
        if (name.startsWith(this.#prefix)) await rm(join(this.#folder, name)).catch(unless('ENOENT'));
      }
    });
  }

  async #create(): Promise<FileHandle> {
    await makeFolder(this.#folder);
    return open(join(this.#folder, `${this.#prefix}${randomBytes(8).toString('hex')}`), 'ax');
  }
}
