import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Digest, TarFile } from '@ebpm/formats';
import type { InstalledVersion } from './installed.js';
import { LEFTOVER_MS } from './limits.js';
import { readRegularFile } from './read-regular-file.js';
import { StorePaths } from './store-paths.js';
import { makeFolder, syncFolder, writeFileAtomically, writeSynced } from './write-file-atomically.js';
import { writing } from './writing.js';

/** The writing half of the local store. Never used by a process that sudo made root. */
export class Store {
  readonly #paths: StorePaths;

  /** @param home an absolute path, such as `$EBPM_HOME` */
  constructor(home: string) {
    this.#paths = new StorePaths(home);
  }

  /**
   * Installs a version: its files under their archive's digest, then its record. A crash in between leaves the version
   * installed or not, never half; two processes may install the same one.
   *
   * @throws EBPM_STORE_UNWRITABLE
   */
  async install(version: InstalledVersion, files: readonly TarFile[]): Promise<void> {
    await writing(async () => {
      await this.#removeLeftovers();
      if (!(await holds(this.#paths.contents(version.digest), files))) await this.#writeContents(version.digest, files);
    });
    await this.writeRecord(version);
  }

  /** Writes what is known of a version whose files are there. @throws EBPM_STORE_UNWRITABLE */
  async writeRecord(version: InstalledVersion): Promise<void> {
    const text = `${JSON.stringify(version, null, 2)}\n`;
    await writing(() => writeFileAtomically(this.#paths.record(version.name, version.version), text));
  }

  /** Lets the bare name stand for a version. @throws EBPM_STORE_UNWRITABLE */
  async makeCurrent(name: string, version: string): Promise<void> {
    await writing(() => writeFileAtomically(this.#paths.current(name), `${version}\n`));
  }

  /** Takes the record of a version away: from then on it is not installed. @throws EBPM_STORE_UNWRITABLE */
  async removeRecord(name: string, version: string): Promise<void> {
    await writing(() => rm(this.#paths.record(name, version), { force: true }));
  }

  /** Takes the files of an archive away. @throws EBPM_STORE_UNWRITABLE */
  async removeContents(digest: Digest): Promise<void> {
    await writing(() => rm(this.#paths.contents(digest), { recursive: true, force: true }));
  }

  /** Takes away what is left of a package without versions. @throws EBPM_STORE_UNWRITABLE */
  async forget(name: string): Promise<void> {
    await writing(async () => {
      await rm(this.#paths.current(name), { force: true });
      await rmdir(this.#paths.versions(name)).catch(unless('ENOTEMPTY', 'ENOENT'));
    });
  }

  /** A folder is complete when it has its name: it is written under another one. */
  async #writeContents(digest: Digest, files: readonly TarFile[]): Promise<void> {
    const target = this.#paths.contents(digest);
    const temporary = this.#temporaryPath();
    try {
      for (const { path, bytes } of files) {
        await makeFolder(dirname(join(temporary, path)));
        await writeSynced(join(temporary, path), bytes);
      }
      for (const folder of foldersOf(temporary, files)) await syncFolder(folder);
      await makeFolder(dirname(target));
      await this.#replace(target, temporary, files);
      await syncFolder(dirname(target));
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }

  /** rename(2) replaces only an empty folder, so one that is damaged makes way first. */
  async #replace(target: string, temporary: string, files: readonly TarFile[]): Promise<void> {
    for (let attempts = 1; ; attempts++) {
      try {
        return await rename(temporary, target);
      } catch (error) {
        unless('ENOTEMPTY', 'EEXIST')(error as NodeJS.ErrnoException);
        if (await holds(target, files)) return;
        if (attempts === 3) throw error;
        const aside = this.#temporaryPath();
        await rename(target, aside).catch(unless('ENOENT'));
        await rm(aside, { recursive: true, force: true });
      }
    }
  }

  #temporaryPath(): string {
    return join(this.#paths.temporary, randomBytes(8).toString('hex'));
  }

  /** What processes left that did not live to the end. */
  async #removeLeftovers(): Promise<void> {
    const names = (await readdir(this.#paths.temporary).catch(unless('ENOENT'))) ?? [];
    for (const name of names) {
      const path = join(this.#paths.temporary, name);
      const found = await stat(path).catch(unless('ENOENT'));
      if (found && Date.now() - found.mtimeMs > LEFTOVER_MS) await rm(path, { recursive: true, force: true });
    }
  }
}

/** Whether a folder has these files, byte for byte. */
async function holds(folder: string, files: readonly TarFile[]): Promise<boolean> {
  for (const { path, bytes } of files) {
    // Whatever else lies there is not what was installed.
    const found = await readRegularFile(join(folder, path), bytes.length).catch(() => undefined);
    if (found === undefined || Buffer.compare(found, bytes) !== 0) return false;
  }
  return true;
}

function foldersOf(root: string, files: readonly TarFile[]): ReadonlySet<string> {
  return new Set(files.map(({ path }) => dirname(join(root, path))));
}

/** Passes over an error of the system with one of these codes. */
function unless(...codes: readonly string[]): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code === undefined || !codes.includes(error.code)) throw error;
    return undefined;
  };
}
