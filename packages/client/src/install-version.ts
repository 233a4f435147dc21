import { digestOf, EbpmError, isInRange, parseDigest } from '@ebpm/formats';
import { packageFacts } from '@ebpm/object';
import type { ApiPackage, ApiPackageVersion, Lockfile } from '@ebpm/schemas';
import { checkFacts } from './check-facts.js';
import { checkedBy } from './checked-by.js';
import { chooseEntry, type Machine } from './choose-entry.js';
import { judgedEntry } from './consent/judged-object.js';
import { fetchArchive } from './fetch-archive.js';
import { Installed, type InstalledVersion } from './installed.js';
import { KnownVersions } from './known-versions.js';
import { type OpenArchive, openArchive } from './open-archive.js';
import type { PackageRegistry } from './package-registry.js';
import { installedKey } from './trust/installed-key.js';
import { revocationOf } from './trust/known-revocations.js';
import { verifyPublisher } from './trust/verify-publisher.js';
import { type WriterOptions, writerOf } from './version-writer.js';

/** Where and for what a version is installed. */
export interface InstallVersionOptions extends WriterOptions {
  readonly machine: Machine;
  /** This program's version, for `requires.ebpm`. */
  readonly ebpmVersion: string;
  readonly now: () => Date;
  /** The id of a publisher's key that is trusted whatever key was there before. */
  readonly acceptKey?: string | undefined;
  /** Called where whoever published the version, or the package, says that nobody should use it any more. */
  readonly onDeprecated?: (what: { readonly name: string; readonly version: string; readonly reason: string }) => void;
  /** Called while the archive comes in. */
  readonly onProgress?: (version: ApiPackageVersion, receivedBytes: number) => void;
  /** Called where the registry's facts are of another version, so that they were not compared with what the programs do. */
  readonly onOtherFacts?: (what: {
    readonly name: string;
    readonly version: string;
    readonly factsVersion: number;
  }) => void;
}

/** A version that a registry lists. */
export interface VersionToInstall {
  readonly name: string;
  /** Its `version` is without build metadata, its `deprecated` may be the package's. */
  readonly wanted: ApiPackageVersion;
  readonly registry: PackageRegistry;
  /** The tags that name it now. */
  readonly tags: readonly string[];
  /** The keys that the registry gives with the package. */
  readonly keys: ApiPackage['keys'];
  /** The id of the key that the package is known to be signed with; undefined: what is installed says it, if anything does. */
  readonly pinned?: string | undefined;
  /** The tag that it was asked for by, if any. */
  readonly tag?: string;
  /** Whether only a lockfile asks for it. Default false. */
  readonly forProject?: boolean;
  /** Installs, before the version itself, what it depends on, and gives the versions; default: whoever asks for it does. */
  readonly installNeeds?: (dependencies: Readonly<Record<string, string>>) => Promise<Lockfile | undefined>;
}

/**
 * Downloads a version, checks it, and gives it to the writer.
 *
 * @throws EBPM_VERSION_UNSUITABLE, EBPM_VARIANT_MISSING, EBPM_ENTRY_MISSING, EBPM_FACTS_MISMATCH, EBPM_FACTS_TOO_LARGE, what
 *   verifyPublisher, the registry, openArchive and the store refuse
 */
export async function installVersion(
  { name, wanted, registry, tags, keys = [], pinned, tag, forProject = false, installNeeds }: VersionToInstall,
  options: InstallVersionOptions,
): Promise<InstalledVersion> {
  const { home, machine, ebpmVersion, now, acceptKey, onDeprecated, onProgress, onOtherFacts } = options;
  const { version, digest, deprecated: reason } = wanted;
  if (reason !== undefined) onDeprecated?.({ name, version, reason });
  const known = pinned ?? (await installedKey(new Installed(home), name, registry.url));
  const signature = verifyPublisher({ name, listed: wanted, keys, pinned: known, accepted: acceptKey });
  const revocations = await registry.revocations();
  const revoked = revocations && revocationOf(revocations, { name, version, digest: parseDigest(digest), signature });
  if (revoked !== undefined) throw revoked;
  const bytes = await fetchArchive({
    home,
    registry,
    digest: parseDigest(digest),
    sizeBytes: wanted.sizeBytes,
    onProgress: (received) => onProgress?.(wanted, received),
  });
  const archive = openArchive(bytes, { name, version });
  const facts = packageFacts(archive.files);
  const isCompared = checkFacts(`${name}@${version}`, wanted, facts);
  // Packages that were published before there were facts have none.
  const { factsVersion = 0 } = wanted;
  const isOther = !isCompared && factsVersion > 0;
  if (isOther) onOtherFacts?.({ name, version, factsVersion });
  checkRequirement(archive, ebpmVersion);
  const held = entryOf(archive, machine);
  const permissions = held.entry && judgedEntry(facts, held.entry.path);
  const needs = await installNeeds?.(archive.manifest.dependencies ?? {});
  const installed: InstalledVersion = {
    name,
    version,
    digest: parseDigest(digest),
    registry: registry.url,
    ...(tag !== undefined && { tag }),
    ...(signature !== undefined && { signature }),
    ...(forProject && { forProject }),
    ...held,
    ...(permissions !== undefined && { permissions }),
    ...(needs !== undefined && { needs }),
    // What has to be said each time is looked at each time.
    ...(!isOther && reason === undefined && { checked: checkedBy(ebpmVersion, machine) }),
    publisher: wanted.publisher,
    installedAt: now().toISOString(),
  };
  await writerOf(options).install(installed, bytes);
  if (!registry.isOffline) {
    await new KnownVersions(home).write({ name, registry: registry.url, tags: [...tags], keys, version: wanted });
  }
  return installed;
}

function checkRequirement({ manifest: { name, version, requires } }: OpenArchive, ebpmVersion: string): void {
  const range = requires?.ebpm;
  if (range === undefined || isInRange(ebpmVersion, range)) return;
  throw new EbpmError(
    'EBPM_VERSION_UNSUITABLE',
    `Cannot install "${name}@${version}": it needs ebpm ${range}, and this is ${ebpmVersion}`,
    { hint: 'Install another version of ebpm, or of the package' },
  );
}

function entryOf({ manifest, files }: OpenArchive, machine: Machine): Pick<InstalledVersion, 'entry'> {
  const path = chooseEntry(manifest, machine);
  if (path === undefined) return {};
  const file = files.find((candidate) => candidate.path === path);
  if (file !== undefined) return { entry: { path, digest: digestOf(file.bytes) } };
  const { name, version } = manifest;
  throw new EbpmError('EBPM_ENTRY_MISSING', `Cannot install "${name}@${version}": it lacks its entry "${path}"`);
}
