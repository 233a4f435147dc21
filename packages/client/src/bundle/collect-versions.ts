import { type Digest, parseDigest } from '@ebpm/formats';
import type { KnownVersion, LockedPackage, Lockfile } from '@ebpm/schemas';
import { ArchiveStore } from '../archive-store.js';
import { chooseVersion, listedVersions, tagsOf } from '../choose-version.js';
import { fetchArchive } from '../fetch-archive.js';
import { inParallel } from '../in-parallel.js';
import type { NamedSpec } from '../installed.js';
import { KnownVersions } from '../known-versions.js';
import { MAX_DOWNLOADS } from '../limits.js';
import type { PackageRegistry } from '../package-registry.js';
import { lockProject } from '../project/lock-project.js';
import { lockedGone, lockedMismatch } from '../project/locked-errors.js';

/** What versions are collected with. */
export interface CollectOptions {
  readonly home: string;
  readonly ebpmVersion: string;
  readonly registryFor: (name: string) => PackageRegistry;
  readonly registryAt: (url: string) => PackageRegistry;
  readonly onProgress?: (name: string, receivedBytes: number, sizeBytes: number) => void;
}

/** The lockfiles of what specs ask for, each with all that it needs itself. @throws EBPM_VERSION_NOT_FOUND, EBPM_RESOLVE_CONFLICT and what the registries answer */
export async function lockfilesOf(
  specs: readonly NamedSpec[],
  { registryFor, ebpmVersion }: CollectOptions,
): Promise<readonly Lockfile[]> {
  return inParallel(specs, MAX_DOWNLOADS, async (spec) => {
    const { version } = chooseVersion(await registryFor(spec.name).package(spec.name), spec);
    return lockProject({ [spec.name]: version }, { registryFor, ebpmVersion });
  });
}

/**
 * Brings the archives of lockfiles into the store, with what their registries say of them, without installing anything.
 *
 * @throws EBPM_VERSION_NOT_FOUND, EBPM_LOCKFILE_MISMATCH, EBPM_DIGEST_MISMATCH, EBPM_STORE_UNWRITABLE and what the registries answer
 */
export async function collectVersions(
  lockfiles: readonly Lockfile[],
  options: CollectOptions,
): Promise<readonly KnownVersion[]> {
  const wanted = new Map<string, readonly [string, LockedPackage]>();
  for (const { packages } of lockfiles) {
    for (const [name, locked] of Object.entries(packages)) {
      wanted.set(`${name}@${locked.version} ${locked.digest}`, [name, locked]);
    }
  }
  return inParallel([...wanted.values()], MAX_DOWNLOADS, ([name, locked]) => collectOne(name, locked, options));
}

async function collectOne(
  name: string,
  locked: LockedPackage,
  { home, registryAt, onProgress }: CollectOptions,
): Promise<KnownVersion> {
  const registry = registryAt(locked.registry);
  const listed = await registry.package(name);
  const version = listedVersions(listed).find((one) => one.version === locked.version);
  if (version === undefined) throw lockedGone(name, locked);
  if (version.digest !== locked.digest) throw lockedMismatch(name, locked, version.digest);
  const digest: Digest = parseDigest(version.digest);
  const { sizeBytes } = version;
  const archives = new ArchiveStore(home);
  const request = { home, registry, digest, sizeBytes };
  const bytes = await fetchArchive({
    ...request,
    onProgress: (received) => onProgress?.(name, received, sizeBytes),
  });
  if (!(await archives.has(digest))) await archives.write(digest, bytes);
  const { keys = [] } = listed;
  const known = { name, registry: locked.registry, tags: [...tagsOf(listed, locked.version)], keys, version };
  await new KnownVersions(home).write(known);
  return known;
}
