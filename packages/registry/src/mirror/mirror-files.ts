import { access, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeDirectories } from '../make-directories.js';
import type { Random } from '../random.js';
import { isErrno } from '../stores/local-error.js';
import { withFile } from '../stores/with-file.js';

/** The folder of a mirror. A file in it is there whole or not at all. */
export class MirrorFiles {
  readonly root: string;
  readonly #random: Random;

  constructor(root: string, random: Random) {
    this.root = resolve(root);
    this.#random = random;
  }

  /** Writes a file, whether it is there or not; `path` is one of `mirror-layout.ts`. */
  async write(path: string, bytes: Uint8Array | string): Promise<void> {
    const target = join(this.root, path);
    makeDirectories(dirname(target));
    const temporary = `${target}.${this.#random.hex(6)}.tmp`;
    try {
      await withFile({ path: temporary, flags: 'wx', mode: 0o644 }, async (file) => {
        await file.writeFile(bytes);
        await file.sync();
      });
      await rename(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** The text of a file; undefined when it is not there. */
  async read(path: string): Promise<string | undefined> {
    try {
      return await readFile(join(this.root, path), 'utf8');
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
      throw error;
    }
  }

  async has(path: string): Promise<boolean> {
    try {
      await access(join(this.root, path));
      return true;
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
      throw error;
    }
  }

  /** Removes a file or a folder with all in it, if it is there. */
  async remove(path: string): Promise<void> {
    await rm(join(this.root, path), { recursive: true, force: true });
  }
}
