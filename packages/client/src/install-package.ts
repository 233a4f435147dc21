import { digestOf, EbpmError, highestInRange, parseDigest } from '@ebpm/formats';
import type { ApiPackageVersion } from '@ebpm/schemas';
import { checkFacts } from './check-facts.js';
import { chooseEntry, type Machine } from './choose-entry.js';
import { chooseVersion, exactVersion } from './choose-version.js';
import { Installed, type InstalledVersion, type NamedSpec } from './installed.js';
import { type OpenArchive, openArchive } from './open-archive.js';
import type { RegistryClient } from './registry-client.js';
import { Store } from './store.js';

/** What an installation needs. */
export interface InstallOptions {
  /** An absolute path, such as `$EBPM_HOME`. */
  readonly home: string;
  /** Opens the registry for a while; not called for an exact version that is installed. */
  readonly withRegistry: <T>(use: (registry: RegistryClient) => Promise<T>) => Promise<T>;
  readonly machine: Machine;
  /** This program's version, for `requires.ebpm`. */
  readonly ebpmVersion: string;
  /** Whether a name that stands for a version already goes on doing so. Default false. */
  readonly keepCurrent?: boolean;
  readonly now: () => Date;
  /** Called while the archive comes in. */
  readonly onProgress?: (version: ApiPackageVersion, receivedBytes: number) => void;
  /** Called where the registry's facts are of another version, so that they were not compared with what the programs do. */
  readonly onOtherFacts?: (facts: { readonly version: string; readonly factsVersion: number }) => void;
}

/** What an installation did. */
export interface InstallResult {
  readonly installed: InstalledVersion;
  /** Whether it was installed before, and nothing was downloaded. */
  readonly already: boolean;
  /** Whether the bare name now stands for it. */
  readonly current: boolean;
}

/**
 * Installs the version that a spec asks for, unless it is installed and whole.
 *
 * @throws EBPM_VERSION_NOT_FOUND, EBPM_VERSION_CHANGED, EBPM_VERSION_UNSUITABLE, EBPM_VARIANT_MISSING,
 *   EBPM_ENTRY_MISSING, EBPM_FACTS_MISMATCH, EBPM_FACTS_TOO_LARGE, what the registry, openArchive and the store refuse
 */
export async function installPackage(spec: NamedSpec, options: InstallOptions): Promise<InstallResult> {
  const here = new Installed(options.home);
  const exact = exactVersion(spec);
  const before = exact === undefined ? undefined : await wholeVersion(here, spec.name, exact);
  if (before !== undefined) return finish(before, true, options);
  return options.withRegistry(async (registry) => {
    const wanted = chooseVersion(await registry.package(spec.name), spec);
    const there = await wholeVersion(here, spec.name, wanted.version);
    if (there === undefined) return finish(await download(spec, wanted, registry, options), false, options);
    if (there.digest !== wanted.digest) throw versionChanged(there, registry.url);
    return finish(await withTag(there, spec, options), true, options);
  });
}

/** A version that is installed with its entry as it was; what is damaged counts as not installed. */
async function wholeVersion(here: Installed, name: string, version: string): Promise<InstalledVersion | undefined> {
  try {
    const found = await here.version(name, version);
    if (found !== undefined) await here.entryBytes(found);
    return found;
  } catch (error) {
    if (error instanceof EbpmError && error.code === 'EBPM_STORE_DAMAGED') return undefined;
    throw error;
  }
}

async function download(
  spec: NamedSpec,
  wanted: ApiPackageVersion,
  registry: RegistryClient,
  { home, machine, ebpmVersion, now, onProgress, onOtherFacts }: InstallOptions,
): Promise<InstalledVersion> {
  const { version, digest } = wanted;
  const bytes = await registry.blob(parseDigest(digest), (received) => onProgress?.(wanted, received));
  const archive = openArchive(bytes, { name: spec.name, version });
  const isCompared = checkFacts(`${spec.name}@${version}`, wanted, archive.files);
  // Packages that were published before there were facts have none.
  const { factsVersion = 0 } = wanted;
  if (!isCompared && factsVersion > 0) onOtherFacts?.({ version, factsVersion });
  checkRequirement(archive, ebpmVersion);
  const installed: InstalledVersion = {
    name: spec.name,
    version,
    digest: parseDigest(digest),
    registry: registry.url,
    ...tagOf(spec),
    entry: entryOf(archive, machine),
    installedAt: now().toISOString(),
  };
  await new Store(home).install(installed, archive.files);
  return installed;
}

function checkRequirement({ manifest: { name, version, requires } }: OpenArchive, ebpmVersion: string): void {
  const range = requires?.ebpm;
  if (range === undefined || highestInRange([ebpmVersion], range) !== undefined) return;
  throw new EbpmError(
    'EBPM_VERSION_UNSUITABLE',
    `Cannot install "${name}@${version}": it needs ebpm ${range}, and this is ${ebpmVersion}`,
    { hint: 'Install another version of ebpm, or of the package' },
  );
}

function entryOf({ manifest, files }: OpenArchive, machine: Machine): InstalledVersion['entry'] {
  const path = chooseEntry(manifest, machine);
  const file = files.find((candidate) => candidate.path === path);
  if (file !== undefined) return { path, digest: digestOf(file.bytes) };
  const { name, version } = manifest;
  throw new EbpmError('EBPM_ENTRY_MISSING', `Cannot install "${name}@${version}": it lacks its entry "${path}"`);
}

/** Remembers the tag that an installed version was asked for by. */
async function withTag(
  there: InstalledVersion,
  spec: NamedSpec,
  { home, now }: InstallOptions,
): Promise<InstalledVersion> {
  if (spec.kind !== 'tag') return there;
  const tagged = { ...there, ...tagOf(spec), installedAt: now().toISOString() };
  await new Store(home).writeRecord(tagged);
  return tagged;
}

function tagOf(spec: NamedSpec): { readonly tag?: string } {
  return spec.kind === 'tag' ? { tag: spec.tag } : {};
}

async function finish(installed: InstalledVersion, already: boolean, options: InstallOptions): Promise<InstallResult> {
  const { name, version } = installed;
  const before = await new Installed(options.home).current(name);
  const current = options.keepCurrent !== true || before === undefined;
  if (current && before !== version) await new Store(options.home).makeCurrent(name, version);
  return { installed, already, current: current || before === version };
}

function versionChanged({ name, version, digest, registry }: InstalledVersion, url: string): EbpmError {
  return new EbpmError(
    'EBPM_VERSION_CHANGED',
    `Cannot install "${name}@${version}" from "${url}": another package of this name and version is installed, from "${registry}"`,
    {
      hint: `A version never changes within a registry. If you trust this one, type: ebpm uninstall ${name}@${version}`,
      data: { installedDigest: digest },
    },
  );
}
