import { join } from 'node:path';
import {
  archiveEntries,
  compareVersions,
  type Digest,
  digestOf,
  EbpmError,
  highestInRange,
  isDigest,
  isPackageName,
  isPrerelease,
  isPublicKey,
  LATEST,
  MANIFEST_FILE,
  type PackageSpec,
  readManifest,
} from '@ebpm/formats';
import { entryPaths } from './choose-entry.js';
import { filesIn, unreadable } from './files-in.js';
import { MAX_RECORD_BYTES } from './limits.js';
import { readRegularFile } from './read-regular-file.js';
import { StorePaths, VERSION_ENDING } from './store-paths.js';
import { checkSignature, type PublisherSignature } from './trust/publisher-signature.js';
import { MAX_VERSION_FILE_BYTES, readRecordBytes, splitVersionFile } from './version-file.js';
import { versionIdentity } from './version-identity.js';

/** A version that is installed, as it stands in its record. */
export interface InstalledVersion {
  readonly name: string;
  readonly version: string;
  /** Of the archive that it came in. */
  readonly digest: Digest;
  /** The registry it came from. */
  readonly registry: string;
  /** Nobody asked for it: it was only installed because a project's lockfile names it, or another package needs it. */
  readonly forProject?: boolean;
  /** The tag that it was asked for by last, if any. */
  readonly tag?: string;
  /** Who has signed it; not given for a version that nobody signed. */
  readonly signature?: PublisherSignature;
  /** The file that runs, and its digest; a package of headers has none. */
  readonly entry?: { readonly path: string; readonly digest: Digest };
  /** RFC 3339; of what was put back from the store, when it was installed from the registry. */
  readonly installedAt: string;
  /** By what all of it was found out, where nothing had to be said of it; to be looked at by `isSameCheck` alone. */
  readonly checked?: unknown;
  /** What the object in the entry may do; to be looked at by `keptJudgement` alone. */
  readonly permissions?: unknown;
  /** The versions that were chosen for what it depends on, where it was installed by its name; to be looked at by `keptNeeds` alone. */
  readonly needs?: unknown;
  /** The account that published it, as the registry says. */
  readonly publisher?: string;
}

/** The entry of an installed version, and the archive that it was found in. */
export interface OpenedEntry {
  /** The bytes that run. */
  readonly bytes: Uint8Array;
  /** All of it, which is hashed when it is first asked for, where that was not done before. @throws EBPM_STORE_DAMAGED */
  archive(): Uint8Array;
}

/** A spec that names a package of a registry. */
export type NamedSpec = Extract<PackageSpec, { kind: 'range' | 'tag' }>;

/** What is installed: only read, with no network and no locks, so that root can use a user's store. */
export class Installed {
  readonly #paths: StorePaths;

  /** @param home an absolute path, such as `$EBPM_HOME` */
  constructor(home: string) {
    this.#paths = new StorePaths(home);
  }

  /** What is installed, by name: the versions as bare numbers, highest first. */
  async numbersByName(): Promise<ReadonlyMap<string, readonly string[]>> {
    const files = await filesIn(this.#paths.installed);
    const scopes = files.filter((file) => file.startsWith('@'));
    const scoped = await Promise.all(
      scopes.map(async (scope) =>
        (await filesIn(join(this.#paths.installed, scope))).map((file) => `${scope}/${file}`),
      ),
    );
    const found = new Map<string, string[]>();
    for (const file of [...files, ...scoped.flat()]) {
      const [name, number] = namedVersion(file) ?? [];
      if (name === undefined || number === undefined) continue;
      found.set(name, [...(found.get(name) ?? []), number]);
    }
    const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
    return new Map(sorted.map(([name, numbers]) => [name, numbers.sort(highestFirst)]));
  }

  /** The names of all packages of which a version is installed, sorted. */
  async names(): Promise<readonly string[]> {
    return [...(await this.numbersByName()).keys()];
  }

  /** The installed versions of a package as bare numbers, highest first. */
  async versionNumbers(name: string): Promise<readonly string[]> {
    const folder = this.#paths.folderOf(name);
    const scope = name.slice(0, name.lastIndexOf('/') + 1);
    const versions = (await filesIn(folder)).map((file) => namedVersion(scope + file));
    return versions.flatMap((found) => (found?.[0] === name ? [found[1]] : [])).sort(highestFirst);
  }

  /** The installed versions of a package, highest first. @throws EBPM_STORE_DAMAGED */
  async versions(name: string): Promise<readonly InstalledVersion[]> {
    const numbers = await this.versionNumbers(name);
    const records = await Promise.all(numbers.map((version) => this.version(name, version)));
    return records.filter((record) => record !== undefined);
  }

  /** One installed version; undefined when it is not. @throws EBPM_STORE_DAMAGED */
  async version(name: string, version: string): Promise<InstalledVersion | undefined> {
    const bytes = this.#recordBytes(this.#paths.version(name, version));
    if (bytes === undefined) return undefined;
    const record = parseRecord(bytes);
    if (record?.name === name && record.version === version) return record;
    throw damaged(`Cannot read the record of "${name}@${version}": it is not what was written`, { name, version });
  }

  /**
   * The version that the bare name stands for: the one that it was given to, else the highest one, a stable one if there is one.
   *
   * @param known what `versionNumbers` or `numbersByName` gave, where that was asked already
   */
  async current(name: string, known?: readonly string[]): Promise<string | undefined> {
    const numbers = known ?? (await this.versionNumbers(name));
    const given = await this.givenTo(name);
    if (given !== undefined && numbers.includes(given)) return given;
    return numbers.find((version) => !isPrerelease(version)) ?? numbers[0];
  }

  /** The version that the bare name was given to, installed or not. */
  async givenTo(name: string): Promise<string | undefined> {
    const bytes = await this.#read(this.#paths.current(name), MAX_RECORD_BYTES);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8').trim();
  }

  /**
   * The installed version that a spec asks for: the bare name the current one, a range the highest in it, a tag what
   * was last installed by it. Undefined where there is none.
   *
   * @throws EBPM_STORE_DAMAGED
   */
  async find(spec: NamedSpec): Promise<InstalledVersion | undefined> {
    if (spec.kind === 'tag' && spec.tag !== LATEST) return lastByTag(await this.versions(spec.name), spec.tag);
    const numbers = await this.versionNumbers(spec.name);
    const wanted = spec.kind === 'tag' ? await this.current(spec.name, numbers) : highestInRange(numbers, spec.range);
    return wanted === undefined || !numbers.includes(wanted) ? undefined : this.version(spec.name, wanted);
  }

  /** The bytes that run, checked against their digest, and against the signature of who published them. @throws EBPM_STORE_DAMAGED, EBPM_SIGNATURE_INVALID, EBPM_ENTRY_NONE */
  async entryBytes(installed: InstalledVersion): Promise<Uint8Array> {
    return (await this.openEntry(installed)).bytes;
  }

  /** The same, with the archive, which is read once for all that is used of it. @throws as `entryBytes` */
  async openEntry(installed: InstalledVersion): Promise<OpenedEntry> {
    const { name, version, entry } = installed;
    if (entry === undefined) {
      throw new EbpmError('EBPM_ENTRY_NONE', `Cannot run "${name}@${version}": it is a package of headers`, {
        hint: 'Name it in "dependencies" of an ebpm.json: ebpm build then gives its headers to the compiler',
      });
    }
    const archive = await this.archiveBytes(installed);
    if (archive !== undefined) checkSigned(installed, archive);
    const bytes = archive && entryIn(archive, entry.path);
    if (archive !== undefined && bytes !== undefined && digestOf(bytes) === entry.digest) {
      // Of what was signed, all of it was looked at.
      let isWhole = installed.signature !== undefined;
      return {
        bytes,
        archive: () => {
          if (!isWhole) checkArchive(installed, archive);
          isWhole = true;
          return archive;
        },
      };
    }
    const reason = archive === undefined ? 'it is not there' : 'it is not what was installed';
    throw damaged(`Cannot use "${entry.path}" of "${name}@${version}": ${reason}`, installed);
  }

  /**
   * The same version with another of its entries.
   *
   * @throws EBPM_VARIANT_MISSING where its manifest names no such entry, and as `entryBytes`
   */
  async withEntry(installed: InstalledVersion, path: string): Promise<InstalledVersion> {
    const archive = await this.wholeArchive(installed);
    const manifest = readManifest(entryIn(archive, MANIFEST_FILE) ?? new Uint8Array());
    const paths = entryPaths(manifest);
    const bytes = paths.includes(path) ? entryIn(archive, path) : undefined;
    if (bytes !== undefined) return { ...installed, entry: { path, digest: digestOf(bytes) } };
    throw new EbpmError(
      'EBPM_VARIANT_MISSING',
      `Cannot use "${path}" of "${installed.name}@${installed.version}": it is none of its entries`,
      { hint: `Its entries are: ${paths.join(', ')}` },
    );
  }

  /** Makes sure that what is used of a version is as it was installed. @throws EBPM_STORE_DAMAGED, EBPM_SIGNATURE_INVALID */
  async checkWhole(installed: InstalledVersion): Promise<void> {
    if (installed.entry === undefined) await this.wholeArchive(installed);
    else await this.entryBytes(installed);
  }

  /** The archive of a version, checked as `entryBytes` does. @throws EBPM_STORE_DAMAGED, EBPM_SIGNATURE_INVALID */
  async wholeArchive(installed: InstalledVersion): Promise<Uint8Array> {
    const archive = await this.presentArchive(installed);
    if (archive === undefined) throw archiveDamaged(installed, 'it is not there');
    return archive;
  }

  /** The same; undefined where it is not there, since somebody removed it in this moment. @throws as `wholeArchive` */
  async presentArchive(installed: InstalledVersion): Promise<Uint8Array | undefined> {
    const archive = await this.archiveBytes(installed);
    if (archive === undefined) return undefined;
    checkSigned(installed, archive);
    if (installed.signature === undefined) checkArchive(installed, archive);
    return archive;
  }

  /** The archive that a version was installed from, as it lies there; undefined where it does not. @throws EBPM_STORE_DAMAGED */
  async archiveBytes({ name, version }: InstalledVersion): Promise<Uint8Array | undefined> {
    const bytes = await this.#read(this.#paths.version(name, version), MAX_VERSION_FILE_BYTES);
    return bytes && splitVersionFile(bytes).archive;
  }

  #recordBytes(path: string): Uint8Array | undefined {
    try {
      return readRecordBytes(path);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }

  async #read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    try {
      return await readRegularFile(path, maxBytes);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }
}

/** What was signed is the digest of the archive, so that all of it must be as it was. */
function checkSigned(installed: InstalledVersion, archive: Uint8Array): void {
  const { signature, digest, name, version } = installed;
  if (signature === undefined) return;
  checkSignature(installed, signature);
  if (digestOf(archive) === digest) return;
  throw damaged(`Cannot use "${name}@${version}": its archive is not what was signed`, installed);
}

function checkArchive(installed: InstalledVersion, archive: Uint8Array): void {
  if (digestOf(archive) !== installed.digest) throw archiveDamaged(installed, 'it is not what was installed');
}

function archiveDamaged(installed: InstalledVersion, reason: string): EbpmError {
  return damaged(`Cannot use the archive of "${installed.name}@${installed.version}": ${reason}`, installed);
}

/** What is wrong with an archive does not matter here: the file is not in it. */
function entryIn(archive: Uint8Array, path: string): Uint8Array | undefined {
  try {
    return archiveEntries(archive).find(({ name }) => name === path)?.bytes;
  } catch (error) {
    if (error instanceof EbpmError) return undefined;
    throw error;
  }
}

function lastByTag(versions: readonly InstalledVersion[], tag: string): InstalledVersion | undefined {
  return versions
    .filter((version) => version.tag === tag)
    .reduce<InstalledVersion | undefined>(
      (last, next) => (last === undefined || next.installedAt > last.installedAt ? next : last),
      undefined,
    );
}

/** The name and the version that the name of a file below `installed` says; undefined for any other file. */
function namedVersion(file: string): readonly [name: string, number: string] | undefined {
  const at = file.lastIndexOf('@');
  if (at <= 0 || !file.endsWith(VERSION_ENDING)) return undefined;
  const [name, number] = [file.slice(0, at), file.slice(at + 1, -VERSION_ENDING.length)];
  return isPackageName(name) && versionIdentity(number) === number ? [name, number] : undefined;
}

function highestFirst(a: string, b: string): number {
  return compareVersions(b, a);
}

/** What a record says is checked again: whoever owns the store can write into it, and root may be reading. */
export function parseRecord(bytes: Uint8Array): InstalledVersion | undefined {
  let record: Partial<InstalledVersion> | null;
  try {
    record = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // The reason would quote the file, which may be a link to one that only root may read.
    return undefined;
  }
  const { name, version, digest, registry, tag = '', signature, entry, installedAt, publisher = '' } = record ?? {};
  const entryTexts = entry === undefined ? [] : [entry?.path, entry?.digest];
  const texts = [name, version, digest, registry, tag, installedAt, publisher, ...entryTexts];
  if (texts.some((text) => typeof text !== 'string')) return undefined;
  if (signature !== undefined && !isSignature(signature)) return undefined;
  const isSafe = isDigest(digest ?? '') && (entry === undefined || isBelow(entry.path));
  return isSafe ? (record as InstalledVersion) : undefined;
}

function isSignature(value: unknown): boolean {
  const { key, sig } = (value ?? {}) as Partial<PublisherSignature>;
  return isPublicKey(key) && typeof sig === 'string' && sig.length === 88;
}

function isBelow(path: string): boolean {
  return !path.includes('\0') && !path.split('/').some((part) => part === '' || part === '..');
}

function damaged(message: string, { name, version }: { readonly name: string; readonly version: string }): EbpmError {
  return new EbpmError('EBPM_STORE_DAMAGED', message, { hint: `Type: ebpm install ${name}@${version}` });
}
