import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LEFTOVER_MS } from './limits.js';
import { unless } from './unless.js';
import { makeFolder } from './write-file-atomically.js';

/** Where a store writes what has no name yet, and where it puts what has none any more. */
export class TemporaryFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Gives a path that nothing else uses, for something that gets its name there. What fails leaves nothing. What misses
   * something is done once more, since it may be this folder: to look each time would take as long as all the rest.
   */
  async use<T>(write: (path: string) => Promise<T>): Promise<T> {
    try {
      return await this.#once(write);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await makeFolder(this.#path, { isSynced: false });
      return this.#once(write);
    }
  }

  async #once<T>(write: (path: string) => Promise<T>): Promise<T> {
    const path = join(this.#path, randomUUID());
    try {
      return await write(path);
    } catch (error) {
      await takeApart(path);
      throw error;
    }
  }

  /** Takes a file or a folder away in one step, so that nobody sees a part of it. Whether it was there. */
  async remove(path: string): Promise<boolean> {
    await makeFolder(this.#path, { isSynced: false });
    return this.#once(async (aside) => {
      try {
        await rename(path, aside);
      } catch (error) {
        unless('ENOENT', 'ENOTDIR')(error as NodeJS.ErrnoException);
        return false;
      }
      await takeApart(aside);
      return true;
    });
  }

  /** Removes what processes left that did not live to the end, a day later. */
  async removeLeftovers(): Promise<void> {
    const names = (await readdir(this.#path).catch(unless('ENOENT'))) ?? [];
    for (const name of names) {
      const path = join(this.#path, name);
      const found = await stat(path).catch(unless('ENOENT'));
      if (found && Date.now() - found.mtimeMs > LEFTOVER_MS) await rm(path, { recursive: true, force: true });
    }
  }
}

/** Removes what has no name any more. Somebody may be writing a record into a folder that he opened before it was taken away. */
export function takeApart(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 3 });
}
