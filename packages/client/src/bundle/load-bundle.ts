import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import {
  type Digest,
  digestOf,
  EbpmError,
  JsonTextError,
  parseJsonText,
  readTarEntries,
  type TarFile,
  type TarSource,
} from '@ebpm/formats';
import { type BundleIndex, bundleIndexKind, type KnownVersion, validate } from '@ebpm/schemas';
import { ArchiveStore } from '../archive-store.js';
import { KnownVersions } from '../known-versions.js';
import { openArchive } from '../open-archive.js';
import { registryUrl } from '../registry-url.js';
import { versionIdentity } from '../version-identity.js';
import { BUNDLE_INDEX, bundledArchive, bundleInvalid } from './bundle-file.js';

/**
 * Brings what is in a bundle into the store, from where it can be installed without a network. Nothing is installed. A bundle may be anybody's:
 * each archive must be what its digest says, and the package and version that the index says; what the store knows otherwise is not replaced.
 *
 * @throws EBPM_BUNDLE_INVALID, EBPM_VERSION_CHANGED, EBPM_STORE_UNWRITABLE, what openArchive throws
 */
export async function loadBundle(path: string, home: string): Promise<readonly KnownVersion[]> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    const entries = entriesOf({ sizeBytes: size, read: (at, length) => readAt(file, at, length) }, path);
    const first = await entries.next();
    if (first.done === true || first.value.path !== BUNDLE_INDEX)
      throw bundleInvalid(path, `it has no ${BUNDLE_INDEX}`);
    const { packages } = readIndex(first.value, path);
    for (const known of packages) await refuseChanged(known, home);
    await loadArchives(entries, packages, { path, home });
    const versions = new KnownVersions(home);
    for (const known of packages) await versions.write(known);
    return packages;
  } finally {
    await file.close();
  }
}

/** What is wrong with the tar is wrong with the bundle: the archives in it come later. */
async function* entriesOf(source: TarSource, path: string): AsyncGenerator<TarFile> {
  try {
    yield* readTarEntries(source);
  } catch (cause) {
    if (!(cause instanceof EbpmError)) throw cause;
    throw bundleInvalid(path, cause.message.replace(/^Cannot use the archive: /, ''), cause);
  }
}

/** Exactly the archives that the index names. */
async function loadArchives(
  entries: AsyncGenerator<TarFile>,
  packages: readonly KnownVersion[],
  { path, home }: { readonly path: string; readonly home: string },
): Promise<void> {
  const wanted = new Map(packages.map((known) => [bundledArchive(known.version.digest as Digest), known]));
  if (wanted.size !== packages.length) throw bundleInvalid(path, 'its index names an archive twice');
  const archives = new ArchiveStore(home);
  for await (const entry of entries) {
    const known = wanted.get(entry.path);
    if (known === undefined) throw bundleInvalid(path, `its index does not name "${entry.path}"`);
    wanted.delete(entry.path);
    const digest = known.version.digest as Digest;
    if (digestOf(entry.bytes) !== digest) throw bundleInvalid(path, `"${entry.path}" is not what its name says`);
    openArchive(entry.bytes, { name: known.name, version: versionIdentity(known.version.version) ?? '' });
    if ((await archives.read(digest)) === undefined) await archives.write(digest, entry.bytes);
  }
  const [missing] = wanted.keys();
  if (missing !== undefined) throw bundleInvalid(path, `it lacks "${missing}"`);
}

function readIndex({ bytes }: TarFile, path: string): BundleIndex {
  try {
    const checked = validate(bundleIndexKind, parseJsonText(bytes, { uniqueKeys: true }));
    if (!checked.ok) {
      const [problem = { path: '', message: 'is none' }] = checked.problems;
      throw bundleInvalid(path, `its index: ${problem.path} ${problem.message}`);
    }
    for (const { name, registry, version } of checked.value.packages) {
      const isForm = versionIdentity(version.version) === version.version && registryUrl(registry) === registry;
      if (!isForm) throw bundleInvalid(path, `its index: "${name}" has a version or a registry in another form`);
    }
    return checked.value;
  } catch (cause) {
    if (cause instanceof JsonTextError) throw bundleInvalid(path, `its index is not JSON: ${cause.message}`, cause);
    throw cause;
  }
}

/** A version never changes within a registry: either the store or the bundle has it from somebody else. */
async function refuseChanged({ name, registry, version }: KnownVersion, home: string): Promise<void> {
  for (const known of await new KnownVersions(home).of(name)) {
    if (known.registry !== registry || known.version.version !== version.version) continue;
    if (known.version.digest === version.digest) continue;
    throw new EbpmError(
      'EBPM_VERSION_CHANGED',
      `Cannot load "${name}@${version.version}": the bundle has another package of this name and version than "${registry}" had`,
      {
        hint: 'A version never changes within a registry: ask whoever made the bundle',
        data: { known: known.version.digest, bundled: version.digest },
      },
    );
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (cause) {
    throw bundleInvalid(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  throw bundleInvalid(path, 'it is not a regular file');
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
