import { EbpmError } from '@ebpm/formats';
import type { LockedPackage, Lockfile } from '@ebpm/schemas';
import { listedVersions, tagsOf } from '../choose-version.js';
import { inParallel } from '../in-parallel.js';
import { type InstallVersionOptions, installVersion, versionChanged, wholeVersion } from '../install-version.js';
import { Installed, type InstalledVersion } from '../installed.js';
import { MAX_DOWNLOADS } from '../limits.js';
import { missingOffline } from '../offline-registry.js';
import type { PackageRegistry } from '../package-registry.js';
import { Store } from '../store.js';
import { lockedGone, lockedMismatch } from './locked-errors.js';

/** What installing by a lockfile needs. */
export interface InstallLockedOptions extends InstallVersionOptions {
  /** The registry at an address of the lockfile. */
  readonly registryAt: (url: string) => PackageRegistry;
}

/** A package of a lockfile that is now installed. */
export interface LockedResult {
  readonly installed: InstalledVersion;
  /** Whether it was installed before, and nothing was downloaded. */
  readonly already: boolean;
}

/**
 * Installs exactly what a lockfile names, several at a time. What is installed needs no network. A bare name that stands for a
 * version goes on doing so.
 *
 * @throws EBPM_LOCKFILE_MISMATCH, EBPM_VERSION_NOT_FOUND, EBPM_OFFLINE, and what installVersion throws
 */
export async function installLocked(
  { packages }: Lockfile,
  options: InstallLockedOptions,
): Promise<readonly LockedResult[]> {
  await new Store(options.home).removeLeftovers();
  const names = Object.keys(packages).sort();
  const results = await inParallel(names, MAX_DOWNLOADS, (name) =>
    installOne(name, packages[name] as LockedPackage, options),
  );
  const missing = results.filter((result) => typeof result === 'string');
  if (missing.length > 0) throw missingOffline(missing);
  return results.filter((result) => typeof result !== 'string');
}

/** Gives the name and version of what cannot be had without a network, so that all of them can be told at once. */
async function installOne(
  name: string,
  locked: LockedPackage,
  options: InstallLockedOptions,
): Promise<LockedResult | string> {
  const { home, registryAt } = options;
  const here = new Installed(home);
  const there = await wholeVersion(here, name, locked.version);
  if (there !== undefined && there.digest !== locked.digest) throw versionChanged(there, locked.registry);
  if (there !== undefined) return { installed: there, already: true };
  const registry = registryAt(locked.registry);
  const found = await registry.package(name).catch(unlessOffline);
  const listed = found && listedVersions(found).find(({ version }) => version === locked.version);
  if (found === undefined || (listed === undefined && registry.isOffline)) return `${name}@${locked.version}`;
  if (listed === undefined) throw lockedGone(name, locked);
  if (listed.digest !== locked.digest) throw lockedMismatch(name, locked, listed.digest);
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
  if ((await here.givenTo(name)) === undefined) await new Store(home).makeCurrent(name, locked.version);
  return { installed, already: false };
}

function unlessOffline(error: unknown): undefined {
  if (!(error instanceof EbpmError) || error.code !== 'EBPM_OFFLINE') throw error;
}
