import type { Digest } from '@ebpm/formats';
import { ArchiveStore } from '../archive-store.js';
import type { InstalledVersion } from '../installed.js';
import { Store } from '../store.js';
import type { VersionWriter } from '../version-writer.js';

/**
 * Takes the versions of an installation that is none: all of them are downloaded and checked as ever, and nothing is installed. Their archives lie in
 * the store as those of a bundle do, where `cache clean` and `prune` take them away; what would stand in their records is remembered here alone.
 */
export class LookWriter implements VersionWriter {
  readonly #home: string;
  readonly #archives: ArchiveStore;
  readonly #looked = new Map<string, InstalledVersion>();

  /** @param home an absolute path, such as `$EBPM_HOME` */
  constructor(home: string) {
    this.#home = home;
    this.#archives = new ArchiveStore(home);
  }

  /** The versions as they would stand in the store now. */
  get versions(): readonly InstalledVersion[] {
    return [...this.#looked.values()];
  }

  /** @throws EBPM_STORE_UNWRITABLE */
  async install(version: InstalledVersion, archive: Uint8Array): Promise<void> {
    await this.#keep(version.digest, archive);
    await this.writeRecord(version);
  }

  /** What was installed once is looked at again: that it is to be as it was then is no matter of a look. */
  async putBack(): Promise<undefined> {}

  async writeRecord(version: InstalledVersion): Promise<void> {
    this.#looked.set(`${version.name}@${version.version}`, version);
  }

  async makeCurrent(): Promise<void> {}

  /** @throws EBPM_STORE_UNWRITABLE */
  async removeLeftovers(): Promise<void> {
    await new Store(this.#home).removeLeftovers();
  }

  /** What lies there whole may be the file of an installation, which says more than its archive. */
  async #keep(digest: Digest, archive: Uint8Array): Promise<void> {
    if ((await this.#archives.read(digest)) === undefined) await this.#archives.write(digest, archive);
  }
}
