import { EbpmError, parseDigest, publisherKeyId } from '@ebpm/formats';
import type { LockedPackage, Lockfile } from '@ebpm/schemas';
import { checkedBy } from '../checked-by.js';
import { listedVersions, tagsOf } from '../choose-version.js';
import { inParallel } from '../in-parallel.js';
import type { InstallVersionOptions } from '../install-version.js';
import { Installed, type InstalledVersion } from '../installed.js';
import { MAX_DOWNLOADS } from '../limits.js';
import { missingOffline } from '../offline-registry.js';
import type { PackageRegistry } from '../package-registry.js';
import { installedKey } from '../trust/installed-key.js';
import { revocationOf } from '../trust/known-revocations.js';
import { RefuseKnownRevoked } from '../trust/refuse-known-revoked.js';
import { type VersionWriter, writerOf } from '../version-writer.js';
import { wholeVersion } from '../whole-version.js';
import { lockedGone, lockedMismatch, lockedOther } from './locked-errors.js';

/** What installing by a lockfile needs. */
export interface InstallLockedOptions extends InstallVersionOptions {
  /** The registry at an address of the lockfile. */
  readonly registryAt: (url: string) => PackageRegistry;
}

interface InstallOneOptions extends InstallLockedOptions {
  readonly writer: VersionWriter;
  readonly known: RefuseKnownRevoked;
  /** Whether some version of the package is installed. */
  readonly isPresent: boolean;
}

interface PutBackOptions extends InstallOneOptions {
  readonly here: Installed;
  readonly registry: PackageRegistry;
}

/** A package of a lockfile that is now installed. */
export interface LockedResult {
  readonly installed: InstalledVersion;
  /** Whether it was installed before, and nothing was downloaded. */
  readonly already: boolean;
}

/**
 * Installs exactly what a lockfile names, several at a time. What is installed needs no network. A bare name that stands for a
 * version goes on doing so. What is known to be revoked is refused, also where it is installed.
 *
 * @throws EBPM_LOCKFILE_MISMATCH, EBPM_TAKEN_DOWN, EBPM_KEY_REVOKED, EBPM_VERSION_NOT_FOUND, EBPM_OFFLINE, and what installVersion throws
 */
export async function installLocked(
  { packages }: Lockfile,
  options: InstallLockedOptions,
): Promise<readonly LockedResult[]> {
  const writer = writerOf(options);
  await writer.removeLeftovers();
  const names = Object.keys(packages).sort();
  // Most are either all there or all missing, and to miss a file is dear.
  const known = new RefuseKnownRevoked(options.home);
  const present = new Set(await new Installed(options.home).names());
  const results = await inParallel(names, MAX_DOWNLOADS, (name) =>
    installOne(name, packages[name] as LockedPackage, { ...options, writer, known, isPresent: present.has(name) }),
  );
  const missing = results.filter((result) => typeof result === 'string');
  if (missing.length > 0) throw missingOffline(missing);
  return results.filter((result) => typeof result !== 'string');
}

/** Gives the name and version of what cannot be had without a network, so that all of them can be told at once. */
async function installOne(
  name: string,
  locked: LockedPackage,
  options: InstallOneOptions,
): Promise<LockedResult | string> {
  const { home, registryAt, writer, known, isPresent } = options;
  const here = new Installed(home);
  const there = isPresent ? await wholeVersion(here, name, locked.version) : undefined;
  if (there !== undefined && there.digest !== locked.digest) throw lockedOther(there, locked, 'install');
  if (there !== undefined) {
    await known.refuse(there);
    return { installed: there, already: true };
  }
  const registry = registryAt(locked.registry);
  if (isPresent) await keepCurrent(here, writer, name);
  const back = await putBack(name, locked, { ...options, here, registry });
  if (back !== undefined) return { installed: back, already: false };
  const found = await registry.package(name).catch(unlessOffline);
  const listed = found && listedVersions(found).find(({ version }) => version === locked.version);
  if (found === undefined || (listed === undefined && registry.isOffline)) return `${name}@${locked.version}`;
  if (listed === undefined) throw lockedGone(name, locked);
  if (listed.digest !== locked.digest) throw lockedMismatch(name, locked, listed.digest);
  // What puts versions back needs nothing of what looks into archives, and loading that takes as long as putting fifty back.
  const { installVersion } = await import('../install-version.js');
  const installed = await installVersion(
    {
      name,
      wanted: listed,
      registry,
      tags: tagsOf(found, locked.version),
      keys: found.keys,
      pinned: locked.key,
      forProject: true,
    },
    options,
  );
  return { installed, already: false };
}

/** What a bare name stands for without having been given to it, it would no longer stand for once a higher version is there. */
async function keepCurrent(here: Installed, writer: VersionWriter, name: string): Promise<void> {
  const numbers = await here.versionNumbers(name);
  if (numbers.length === 0 || (await here.givenTo(name)) !== undefined) return;
  const current = await here.current(name);
  if (current !== undefined) await writer.makeCurrent(name, current);
}

/**
 * Installs a version as it was before, where all that is needed is in the store: its registry is asked for nothing then but what it has revoked, and that at most once an hour.
 *
 * @throws EBPM_TAKEN_DOWN, EBPM_KEY_REVOKED
 */
async function putBack(
  name: string,
  { version, digest, registry: url, key }: LockedPackage,
  { here, registry, writer, isPresent, machine, ebpmVersion, acceptKey }: PutBackOptions,
): Promise<InstalledVersion | undefined> {
  if (acceptKey !== undefined) return undefined;
  const wanted = { name, version, digest: parseDigest(digest), registry: url, by: checkedBy(ebpmVersion, machine) };
  return writer.putBack(wanted, async (found) => {
    const pinned = key ?? (isPresent ? await installedKey(here, name, url) : undefined);
    if ((found.signature && publisherKeyId(found.signature.key)) !== pinned) return false;
    const revocations = await registry.revocations();
    const revoked = revocations && revocationOf(revocations, found);
    if (revoked !== undefined) throw revoked;
    return true;
  });
}

function unlessOffline(error: unknown): undefined {
  if (!(error instanceof EbpmError) || error.code !== 'EBPM_OFFLINE') throw error;
}
