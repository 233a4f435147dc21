import { compareVersions } from '@ebpm/formats';
import { ArchiveStore } from '../archive-store.js';
import { Installed, type InstalledVersion } from '../installed.js';

/** What is installed, with versions that were only looked at, as if they were, too: these are read from their archives in the store. */
export class LookedAt extends Installed {
  readonly #archives: ArchiveStore;
  readonly #looked: readonly InstalledVersion[];

  /**
   * @param home an absolute path, such as `$EBPM_HOME`
   * @param looked what a `LookWriter` has of them
   */
  constructor(home: string, looked: readonly InstalledVersion[]) {
    super(home);
    this.#archives = new ArchiveStore(home);
    this.#looked = looked;
  }

  override async versionNumbers(name: string): Promise<readonly string[]> {
    const looked = this.#looked.filter((one) => one.name === name).map(({ version }) => version);
    const numbers = new Set([...(await super.versionNumbers(name)), ...looked]);
    return [...numbers].sort((a, b) => compareVersions(b, a));
  }

  override async version(name: string, version: string): Promise<InstalledVersion | undefined> {
    const looked = this.#looked.find((one) => one.name === name && one.version === version);
    return looked ?? super.version(name, version);
  }

  /** Of what is installed all the same, the archive may have been taken away. */
  override async archiveBytes(version: InstalledVersion): Promise<Uint8Array | undefined> {
    return (await this.#archives.read(version.digest)) ?? super.archiveBytes(version);
  }
}
