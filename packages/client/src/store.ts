/**
 * The writing half of the local store. It has no locks. A version is one folder with its record and its archive:
 *
 *   packages/tmp/1f0c...              written and synced in full
 *        | rename                     the installation
 *   installed/sigsnoop/1.0.0
 *        | rename                     the removal
 *   packages/tmp/93ab...              taken apart
 *
 * Each is one step of the file system, so that whoever is killed, and whoever comes in between, finds the version whole or not at all.
 *
 * A record names an archive that is on the disk. The record itself is waited for where a person asked for the version; a project's versions
 * are many, and their lockfile has them: a record that the power took is empty, and counts as none (decision 23).
 */
import { constants, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { open, rename, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, MAX_PACKAGE_BYTES } from '@ebpm/formats';
import { ArchiveStore } from './archive-store.js';
import { type CheckedBy, isSameCheck } from './checked-by.js';
import { fileDigest } from './file-digest.js';
import { type InstalledVersion, parseRecord } from './installed.js';
import { isLinked } from './is-linked.js';
import { DIGEST_PART_BYTES, MAX_RECORD_BYTES } from './limits.js';
import { readRegularFile } from './read-regular-file.js';
import { PACKAGE_FILE, RECORD_FILE, StorePaths } from './store-paths.js';
import { TemporaryFolder, takeApart } from './temporary-folder.js';
import { unless } from './unless.js';
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
   * Installs a version. A crash leaves it installed or not, never half; others may install or remove the same one meanwhile.
   *
   * @param archive the bytes of its digest
   * @throws EBPM_STORE_UNWRITABLE
   */
  async install(version: InstalledVersion, archive: Uint8Array): Promise<void> {
    const isSynced = version.forProject !== true;
    await writing(() =>
      this.#temporary.use(async (folder) => {
        mkdirSync(folder);
        const file = join(folder, PACKAGE_FILE);
        if (!(await this.#archives.linkTo(version.digest, archive, file))) {
          await writeSynced(file, archive);
          await this.#archives.keep(version.digest, file);
        }
        const record = join(folder, RECORD_FILE);
        if (isSynced) await writeSynced(record, recordText(version));
        else writeFileSync(record, recordText(version));
        if (version.checked !== undefined) await this.#archives.keepRecord(version.digest, record);
        if (isSynced) await syncFolder(folder);
        await this.#commit(version, { archive, folder, isSynced });
      }),
    );
  }

  /**
   * Installs a version as it was installed before from the same registry, where its record and its archive are in the store, and the record was made by the same
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
    if (!existsSync(this.#paths.keptRecord(wanted.digest))) return undefined;
    let found: InstalledVersion | undefined;
    await writing(() =>
      this.#temporary.use(async (folder) => {
        mkdirSync(folder);
        const version = await this.#linkedVersion(wanted, folder);
        const isTaken = version !== undefined && (await isAllowed(version)) && (await this.#putIn(version, folder));
        if (isTaken) found = version;
        else await takeApart(folder);
      }),
    );
    return found;
  }

  /** Looks at the very files that are going to be installed. */
  async #linkedVersion(wanted: WantedAgain, folder: string): Promise<InstalledVersion | undefined> {
    const [archive, record] = [join(folder, PACKAGE_FILE), join(folder, RECORD_FILE)];
    if (!isLinked(this.#paths.keptRecord(wanted.digest), record)) return undefined;
    if (!isLinked(this.#paths.archive(wanted.digest), archive)) return undefined;
    const bytes = await readRegularFile(record, MAX_RECORD_BYTES);
    const version = bytes && parseRecord(bytes);
    if (version === undefined || !isWanted(version, wanted)) return undefined;
    this.#part ??= new Uint8Array(DIGEST_PART_BYTES);
    return fileDigest(archive, MAX_PACKAGE_BYTES, this.#part) === wanted.digest ? version : undefined;
  }

  async #putIn({ name, version }: InstalledVersion, folder: string): Promise<boolean> {
    try {
      await this.#renameInto(this.#paths.versions(name), folder, this.#paths.version(name, version));
      return true;
    } catch (error) {
      unless('ENOTEMPTY', 'EEXIST', 'ENOTDIR')(error as NodeJS.ErrnoException);
      return false;
    }
  }

  /** Removes what installations left that did not live to the end, a day later. @throws EBPM_STORE_UNWRITABLE */
  async removeLeftovers(): Promise<void> {
    await writing(() => this.#temporary.removeLeftovers());
  }

  /**
   * Replaces what is known of an installed version. One that was removed meanwhile stays so, and one that was replaced by another
   * archive keeps its own record.
   *
   * @throws EBPM_STORE_UNWRITABLE
   */
  async writeRecord(version: InstalledVersion): Promise<void> {
    const flags = constants.O_RDONLY | constants.O_DIRECTORY;
    await writing(async () => {
      const folder = await open(this.#paths.version(version.name, version.version), flags).catch(unless('ENOENT'));
      if (folder === undefined) return;
      // By its descriptor it is this very folder, whatever its path leads to by now.
      const path = `/proc/self/fd/${folder.fd}`;
      try {
        const archive = await readRegularFile(join(path, PACKAGE_FILE), MAX_PACKAGE_BYTES);
        if (archive === undefined || digestOf(archive) !== version.digest) return;
        await this.#temporary.use(async (file) => {
          await writeSynced(file, recordText(version));
          const isThere = await rename(file, join(path, RECORD_FILE)).then(() => true, unless('ENOENT'));
          if (isThere !== true) await takeApart(file);
        });
      } finally {
        await folder.close();
      }
    });
  }

  /** Lets the bare name stand for a version. @throws EBPM_STORE_UNWRITABLE */
  async makeCurrent(name: string, version: string): Promise<void> {
    const path = this.#paths.current(name);
    await writing(() =>
      this.#temporary.use(async (file) => {
        // Not synced: where a crash takes it, the name stands for the highest version.
        await writeFile(file, `${version}\n`);
        await this.#renameInto(this.#paths.versions(name), file, path);
      }),
    );
  }

  /** Takes a version away. Whether it was there. @throws EBPM_STORE_UNWRITABLE */
  async remove(name: string, version: string): Promise<boolean> {
    const path = this.#paths.version(name, version);
    let removed = false;
    await writing(async () => {
      removed = await this.#temporary.remove(path);
      if (removed) await syncFolder(this.#paths.versions(name)).catch(unless('ENOENT'));
    });
    return removed;
  }

  /** Lets the bare name stand for nothing in particular, and takes its folder away where nothing else is in it. @throws EBPM_STORE_UNWRITABLE */
  async forgetCurrent(name: string): Promise<void> {
    await writing(async () => {
      await this.#temporary.remove(this.#paths.current(name));
      await rmdir(this.#paths.versions(name)).catch(unless('ENOTEMPTY', 'ENOENT'));
    });
  }

  /** rename(2) replaces only an empty folder: what another process has just installed stays, what is damaged makes way. */
  async #commit(version: InstalledVersion, { archive, folder, isSynced }: WrittenVersion): Promise<void> {
    const target = this.#paths.version(version.name, version.version);
    for (let attempts = 1; ; attempts++) {
      try {
        await this.#renameInto(this.#paths.versions(version.name), folder, target);
        if (isSynced) await syncFolder(this.#paths.versions(version.name)).catch(unless('ENOENT'));
        return;
      } catch (error) {
        unless('ENOTEMPTY', 'EEXIST', 'ENOTDIR')(error as NodeJS.ErrnoException);
        if (await this.#isInstalled(version, archive)) {
          await this.writeRecord(version);
          return takeApart(folder);
        }
        if (attempts === MAX_ATTEMPTS) throw error;
        await this.#temporary.remove(target);
      }
    }
  }

  /** Whoever removes the last version of a package removes its folder, also in this very moment. */
  async #renameInto(parent: string, from: string, to: string): Promise<void> {
    await makeFolder(parent, { isSynced: false });
    for (let attempts = 1; ; attempts++) {
      try {
        return renameSync(from, to);
      } catch (error) {
        unless('ENOENT', 'ENOTDIR')(error as NodeJS.ErrnoException);
        if (attempts === MAX_ATTEMPTS) throw error;
        await makeFolder(parent, { isSynced: false });
        // The folder was there: it is the target that is none.
        if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') throw error;
      }
    }
  }

  async #isInstalled({ name, version }: InstalledVersion, archive: Uint8Array): Promise<boolean> {
    // Whatever else lies there is not what was installed.
    const read = (path: string, maxBytes: number) => readRegularFile(path, maxBytes).catch(() => undefined);
    const [record, there] = await Promise.all([
      read(this.#paths.record(name, version), MAX_RECORD_BYTES),
      read(this.#paths.package(name, version), archive.length),
    ]);
    return record !== undefined && there !== undefined && Buffer.compare(there, archive) === 0;
  }
}

/** A version that may have been installed from the store's archive before. */
export interface WantedAgain extends Pick<InstalledVersion, 'name' | 'version' | 'digest' | 'registry'> {
  readonly by: CheckedBy;
}

interface WrittenVersion {
  readonly archive: Uint8Array;
  readonly folder: string;
  readonly isSynced: boolean;
}

/** A tag that it was asked for by, and that it was a person who asked, is another record's business. */
function isWanted(version: InstalledVersion, { name, version: number, digest, registry, by }: WantedAgain): boolean {
  const isSame = version.name === name && version.version === number && version.digest === digest;
  const isForProject = version.forProject === true && version.tag === undefined;
  return isSame && isForProject && version.registry === registry && isSameCheck(version.checked, by);
}

/** Each attempt is lost to another process that did its part in between; so many in a row are not by chance. */
const MAX_ATTEMPTS = 100;

function recordText(version: InstalledVersion): string {
  return `${JSON.stringify(version, null, 2)}\n`;
}
