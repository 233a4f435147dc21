import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sha256Hex } from '@ebpm/formats';
import { filesIn } from '../files-in.js';
import { MAX_RECORD_BYTES } from '../limits.js';
import { readRegularFile } from '../read-regular-file.js';
import { StorePaths } from '../store-paths.js';
import { writeFileAtomically } from '../write-file-atomically.js';
import { writing } from '../writing.js';

/** The folders of projects that install from a store: what their lockfiles name is needed. */
export class KnownProjects {
  readonly #folder: string;

  /** @param home an absolute path, such as `$EBPM_HOME` */
  constructor(home: string) {
    this.#folder = new StorePaths(home).projects;
  }

  /** Remembers a project. @throws EBPM_STORE_UNWRITABLE */
  async remember(folder: string): Promise<void> {
    await writing(() => writeFileAtomically(this.#file(folder), `${resolve(folder)}\n`));
  }

  /** Forgets a project. @throws EBPM_STORE_UNWRITABLE */
  async forget(folder: string): Promise<void> {
    await writing(() => rm(this.#file(folder), { force: true }));
  }

  /** The folders of all projects, sorted. @throws EBPM_STORE_DAMAGED */
  async folders(): Promise<readonly string[]> {
    const files = await filesIn(this.#folder);
    const found = await Promise.all(files.map((file) => readRegularFile(join(this.#folder, file), MAX_RECORD_BYTES)));
    return found
      .flatMap((bytes) => (bytes === undefined ? [] : [Buffer.from(bytes).toString('utf8').trimEnd()]))
      .sort();
  }

  #file(folder: string): string {
    return join(this.#folder, sha256Hex(Buffer.from(resolve(folder))).slice(0, 32));
  }
}
