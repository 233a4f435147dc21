/**
 * The writing half of the local store. It has no locks. A version is one file, its archive with its record behind it (version-file.ts):
 *
 *   packages/tmp/1f0c...                 written and synced in full
 *        | link                          packages/sha256/ab/93...tar, to install it again from
 *        | rename                        the installation
 *   installed/sigsnoop@1.0.0.tar
 *        | rename                        the removal
 *   packages/tmp/93ab...                 unlinked
 *
 * Each is one step of the file system, so that whoever is killed, and whoever comes in between, finds the version whole or not at all. What is
 * installed again is but another link to the file that it was.
 */
import { existsSync, linkSync, renameSync, unlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { digestOf } from '@ebpm/formats';
import { ArchiveStore } from './archive-store.js';
import { type CheckedBy, isSameCheck } from './checked-by.js';
import { type InstalledVersion, parseRecord } from './installed.js';
import { isLinked } from './is-linked.js';
import { DIGEST_PART_BYTES } from './limits.js';
import { readRegularFile } from './read-regular-file.js';
import { StorePaths } from './store-paths.js';
import { TemporaryFolder } from './temporary-folder.js';
import { unless } from './unless.js';
import { joinVersionFile, MAX_VERSION_FILE_BYTES, readVersionFile, splitVersionFile } from './version-file.js';
import { makeFolder, syncFolder, writeSynced } from './write-file-atomically.js';
import { writing } from './writing.js';

/** The writing half of the local store. Never used by a process that sudo made root. */
export class Store {
  readonly #paths: StorePaths;
  readonly #temporary: TemporaryFolder;
  readonly #archives: ArchiveStore;
  #part: Uint8Array | undefined;

  /** @param home an absolute path, such as `$EBPM_HOME` */
  constructor(home: string) {
    this.#paths = new StorePaths(home);
    this.#temporary = new TemporaryFolder(this.#paths.temporary);
    this.#archives = new ArchiveStore(home);
  }

  /**
   * Installs a version, in the place of what is there. A crash leaves it installed or not, never half; others may install or remove the same one meanwhile.
   *
   * @param archive the bytes of its digest
   * @throws EBPM_STORE_UNWRITABLE
   */
  async install(version: InstalledVersion, archive: Uint8Array): Promise<void> {
    const path = this.#paths.version(version.name, version.version);
    await writing(() =>
      this.#temporary.use(async (file) => {
        await writeSynced(file, joinVersionFile(archive, `${JSON.stringify(version, null, 2)}\n`));
        await this.#archives.keep(version.digest, file);
        await this.#intoFolder(path, () => renameSync(file, path));
        // A project's versions are many, and its lockfile has them: where the power takes their names, they are put back.
        if (version.forProject !== true) await syncFolder(dirname(path)).catch(unless('ENOENT'));
      }),
    );
  }

  /**
   * Installs a version as it was installed before from the same registry, where its file is in the store, and its record was made by the same
   * checks: what was found out of an archive is found out once.
   *
   * @param isAllowed asked of what is about to be installed; what it throws is thrown
   * @returns the version; undefined where something is missing, damaged or in the way, so that it has to be installed anew
   * @throws EBPM_STORE_UNWRITABLE
   */
  async putBack(
    wanted: WantedAgain,
    isAllowed: (version: InstalledVersion) => Promise<boolean>,
  ): Promise<InstalledVersion | undefined> {
    const kept = this.#paths.archive(wanted.digest);
    if (!existsSync(kept)) return undefined;
    let found: InstalledVersion | undefined;
    await writing(() =>
      this.#temporary.use(async (file) => {
        // The very file that is going to be installed is looked at, whatever its other name leads to by then.
        if (!isLinked(kept, file)) return;
        const version = this.#versionIn(file, wanted);
        if (version !== undefined && (await isAllowed(version)) && (await this.#isNamed(file, version)))
          found = version;
        unlinkSync(file);
      }),
    );
    return found;
  }

  #versionIn(file: string, wanted: WantedAgain): InstalledVersion | undefined {
    this.#part ??= new Uint8Array(DIGEST_PART_BYTES);
    const read = readVersionFile(file, this.#part);
    const version = read && parseRecord(read.record);
    const isSame = version !== undefined && read?.digest === wanted.digest && isWanted(version, wanted);
    return isSame ? version : undefined;
  }

  /** Gives a version's file its name, unless something has it. */
  async #isNamed(file: string, { name, version }: InstalledVersion): Promise<boolean> {
    const path = this.#paths.version(name, version);
    return this.#intoFolder(path, () => linkSync(file, path)).then(() => true, taken);
  }

  /** Removes what installations left that did not live to the end, a day later. @throws EBPM_STORE_UNWRITABLE */
  async removeLeftovers(): Promise<void> {
    await writing(() => this.#temporary.removeLeftovers());
  }

  /**
   * Replaces what is known of an installed version. One that is not installed stays so, and one of another archive keeps its own record. What is removed in
   * this very moment is installed, as if it had been removed before.
   *
   * @throws EBPM_STORE_UNWRITABLE
   */
  async writeRecord(version: InstalledVersion): Promise<void> {
    await writing(async () => {
      const bytes = await readRegularFile(this.#paths.version(version.name, version.version), MAX_VERSION_FILE_BYTES);
      const archive = bytes && splitVersionFile(bytes).archive;
      if (archive !== undefined && digestOf(archive) === version.digest) await this.install(version, archive);
    });
  }

  /** Lets the bare name stand for a version. @throws EBPM_STORE_UNWRITABLE */
  async makeCurrent(name: string, version: string): Promise<void> {
    const path = this.#paths.current(name);
    await writing(() =>
      this.#temporary.use(async (file) => {
        // Not synced: where a crash takes it, the name stands for the highest version.
        await writeFile(file, `${version}\n`);
        await this.#intoFolder(path, () => renameSync(file, path));
      }),
    );
  }

  /** Takes a version away. Whether it was there. @throws EBPM_STORE_UNWRITABLE */
  async remove(name: string, version: string): Promise<boolean> {
    const path = this.#paths.version(name, version);
    let removed = false;
    await writing(async () => {
      removed = await this.#temporary.remove(path);
      if (removed) await syncFolder(dirname(path)).catch(unless('ENOENT'));
    });
    return removed;
  }

  /** Lets the bare name stand for nothing in particular. @throws EBPM_STORE_UNWRITABLE */
  async forgetCurrent(name: string): Promise<void> {
    await writing(async () => {
      await this.#temporary.remove(this.#paths.current(name));
    });
  }

  /** Gives a file its name, in a folder that is made where it is missing. What is no file makes way for one. */
  async #intoFolder(path: string, giveName: () => void): Promise<void> {
    for (let attempts = 1; ; attempts++) {
      try {
        return giveName();
      } catch (error) {
        unless('ENOENT', 'ENOTDIR', 'EISDIR')(error as NodeJS.ErrnoException);
        if (attempts === MAX_ATTEMPTS) throw error;
        if ((error as NodeJS.ErrnoException).code === 'EISDIR') await this.#temporary.remove(path);
        else await makeFolder(dirname(path), { isSynced: false });
      }
    }
  }
}

/** A version that may have been installed from the store's archive before. */
export interface WantedAgain extends Pick<InstalledVersion, 'name' | 'version' | 'digest' | 'registry'> {
  readonly by: CheckedBy;
}

/** A tag that it was asked for by, and that it was a person who asked, is another record's business. */
function isWanted(version: InstalledVersion, { name, version: number, digest, registry, by }: WantedAgain): boolean {
  const isSame = version.name === name && version.version === number && version.digest === digest;
  const isForProject = version.forProject === true && version.tag === undefined;
  return isSame && isForProject && version.registry === registry && isSameCheck(version.checked, by);
}

/** Each attempt is lost to another process that did its part in between; so many in a row are not by chance. */
const MAX_ATTEMPTS = 100;

function taken(error: NodeJS.ErrnoException): false {
  unless('EEXIST')(error);
  return false;
}
