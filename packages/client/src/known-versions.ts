import { createHash } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { JsonTextError, parseJsonText } from '@ebpm/formats';
import { bundleIndexKind, type KnownVersion, validate } from '@ebpm/schemas';
import { filesIn } from './files-in.js';
import { MAX_KNOWN_BYTES } from './limits.js';
import { readRegularFile } from './read-regular-file.js';
import { StorePaths } from './store-paths.js';
import { TemporaryFolder } from './temporary-folder.js';
import { versionIdentity } from './version-identity.js';
import { makeFolder } from './write-file-atomically.js';
import { writing } from './writing.js';

/**
 * What registries have said of the versions whose archives are in the store, for times without a network: one file for each version and
 * registry, so that nobody writes what another has written. It is no more than was true when it was asked.
 */
export class KnownVersions {
  readonly #paths: StorePaths;
  readonly #temporary: TemporaryFolder;

  /** @param home an absolute path, such as `$EBPM_HOME` */
  constructor(home: string) {
    this.#paths = new StorePaths(home);
    this.#temporary = new TemporaryFolder(this.#paths.temporary);
  }

  /** What is known of a package, in no order; what cannot be read is not known. @throws EBPM_STORE_DAMAGED */
  async of(name: string): Promise<readonly KnownVersion[]> {
    const prefix = this.#paths.known(name);
    const [folder, start] = [dirname(prefix), basename(prefix)];
    const files = (await filesIn(folder)).filter((file) => file.startsWith(start));
    const found = await Promise.all(files.map((file) => readKnown(join(folder, file))));
    return found.filter((known) => known?.name === name).filter((known) => known !== undefined);
  }

  /** Remembers what a registry says of a version. @throws EBPM_STORE_UNWRITABLE */
  async write(known: KnownVersion): Promise<void> {
    const path = this.#path(known);
    await writing(() =>
      this.#temporary.use(async (file) => {
        // Not synced: what a crash takes is asked for again.
        writeFileSync(file, JSON.stringify({ bundle: 1, packages: [known] }));
        if (!existsSync(dirname(path))) await makeFolder(dirname(path), { isSynced: false });
        renameSync(file, path);
      }),
    );
  }

  /** Forgets a version. @throws EBPM_STORE_UNWRITABLE */
  async remove(known: KnownVersion): Promise<void> {
    await writing(() => rm(this.#path(known), { force: true }));
  }

  #path({ name, registry, version: { version } }: KnownVersion): string {
    const hash = createHash('sha256').update(registry).digest('hex').slice(0, 16);
    return `${this.#paths.known(name)}${versionIdentity(version)}~${hash}.json`;
  }
}

async function readKnown(path: string): Promise<KnownVersion | undefined> {
  // A device, a folder, or what nobody may read: it is not known.
  const bytes = await readRegularFile(path, MAX_KNOWN_BYTES).catch(() => undefined);
  try {
    const checked = bytes && validate(bundleIndexKind, parseJsonText(bytes));
    const [known] = checked?.ok === true ? checked.value.packages : [];
    return known !== undefined && versionIdentity(known.version.version) !== undefined ? known : undefined;
  } catch (error) {
    if (error instanceof JsonTextError) return undefined;
    throw error;
  }
}
