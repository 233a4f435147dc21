import { EbpmError } from '@ebpm/formats';
import type { ApiPackage, ApiPackageVersion } from '@ebpm/schemas';
import { chooseVersion, exactVersion, tagsOf } from './choose-version.js';
import { type InstallVersionOptions, installVersion } from './install-version.js';
import { Installed, type InstalledVersion, type NamedSpec } from './installed.js';
import { dependenciesOf } from './needs/dependencies-of.js';
import { type InstallNeedsOptions, installNeeds } from './needs/install-needs.js';
import { keptNeeds } from './needs/kept-needs.js';
import { missingOffline } from './offline-registry.js';
import type { PackageRegistry } from './package-registry.js';
import { lockProblem } from './project/lock-problem.js';
import { RefuseKnownRevoked } from './trust/refuse-known-revoked.js';
import { writerOf } from './version-writer.js';
import { versionChanged, wholeVersion } from './whole-version.js';

/** What an installation needs. */
export interface InstallOptions extends InstallVersionOptions {
  /** Opens registries for a while; not called for an exact version that is installed with all that it needs. */
  readonly withRegistries: <T>(use: (access: RegistryAccess) => Promise<T>) => Promise<T>;
  /** Whether a name that stands for a version already goes on doing so. Default false. */
  readonly keepCurrent?: boolean;
}

/** The registry of each package, and that at an address. */
export type RegistryAccess = Pick<InstallNeedsOptions, 'registryFor' | 'registryAt'>;

/** What an installation did. */
export interface InstallResult {
  readonly installed: InstalledVersion;
  /** Whether it was installed before, and nothing of it was downloaded. */
  readonly already: boolean;
  /** Whether the bare name now stands for it. */
  readonly current: boolean;
}

/**
 * Installs the version that a spec asks for, unless it is installed and whole, and before it what it depends on.
 *
 * @throws EBPM_VERSION_NOT_FOUND, EBPM_VERSION_YANKED, EBPM_TAKEN_DOWN, EBPM_KEY_REVOKED, EBPM_OFFLINE, EBPM_VERSION_CHANGED, EBPM_VERSION_UNSUITABLE, EBPM_VARIANT_MISSING,
 *   EBPM_ENTRY_MISSING, EBPM_FACTS_MISMATCH, EBPM_FACTS_TOO_LARGE, what installNeeds throws, and what the registry, openArchive and the store refuse
 */
export async function installPackage(spec: NamedSpec, options: InstallOptions): Promise<InstallResult> {
  const here = new Installed(options.home);
  const exact = exactVersion(spec);
  const before = exact === undefined ? undefined : await wholeVersion(here, spec.name, exact);
  const needs = before && (await wholeNeeds(here, before));
  if (before !== undefined && needs !== undefined) {
    await refuseRevoked([before, ...needs], options);
    return finish(await asked(before, spec, options), true, options);
  }
  return options.withRegistries(async (access) => {
    const registry = access.registryFor(spec.name);
    const listed = await registry.package(spec.name);
    const wanted = choose(listed, spec, registry);
    const there = await wholeVersion(here, spec.name, wanted.version);
    if (there === undefined) {
      await writerOf(options).removeLeftovers();
      const tags = tagsOf(listed, wanted.version);
      const installed = await installVersion(
        {
          name: spec.name,
          wanted,
          registry,
          tags,
          keys: listed.keys,
          ...tagOf(spec),
          installNeeds: (dependencies) =>
            installNeeds(dependencies, { ...options, ...access, root: { name: spec.name, version: wanted.version } }),
        },
        options,
      );
      return finish(installed, false, options);
    }
    if (there.digest !== wanted.digest) throw versionChanged(there, registry.url);
    // It is heard of first, at most once an hour.
    await registry.revocations();
    const chosen = await wholeNeeds(here, there);
    await refuseRevoked([there, ...(chosen ?? [])], options);
    const complete = chosen === undefined ? await withNeeds(here, there, { ...options, ...access }) : there;
    return finish(await asked(complete, spec, options), true, options);
  });
}

/** What was chosen for an installed version to depend on; undefined where nothing was, or where not all of it is installed as it was. */
async function wholeNeeds(
  here: Installed,
  version: InstalledVersion,
): Promise<readonly InstalledVersion[] | undefined> {
  const dependencies = await dependenciesOf(here, version);
  if (dependencies === undefined) return undefined;
  if (Object.keys(dependencies).length === 0) return [];
  const needs = keptNeeds(version);
  if (needs === undefined || lockProblem(needs, dependencies) !== undefined) return undefined;
  const found: InstalledVersion[] = [];
  for (const [name, { version: number, digest }] of Object.entries(needs.packages)) {
    const need = await wholeVersion(here, name, number);
    if (need === undefined || need.digest !== digest) return undefined;
    found.push(need);
  }
  return found;
}

/** Refuses what is there already and is known to be revoked. */
async function refuseRevoked(versions: readonly InstalledVersion[], { home }: InstallOptions): Promise<void> {
  const known = new RefuseKnownRevoked(home);
  for (const version of versions) await known.refuse(version);
}

/** An installed version, with all that it depends on installed, too; what of that is there already and is known to be revoked is refused. */
async function withNeeds(
  here: Installed,
  version: InstalledVersion,
  options: Omit<InstallNeedsOptions, 'root'>,
): Promise<InstalledVersion> {
  const dependencies = await dependenciesOf(here, version);
  // Whoever has removed it in this moment could as well have come a moment later.
  if (dependencies === undefined) return version;
  const before = keptNeeds(version);
  const needs = await installNeeds(dependencies, { ...options, before, root: version });
  const complete = { ...version, needs };
  await writerOf(options).writeRecord(complete);
  return complete;
}

/** Offline, what is not listed may well exist. */
function choose(listed: ApiPackage, spec: NamedSpec, { isOffline }: PackageRegistry): ApiPackageVersion {
  try {
    const chosen = chooseVersion(listed, spec);
    if (chosen.yanked) throw wasYanked(spec.name, chosen);
    return chosen;
  } catch (error) {
    if (!isOffline || !(error instanceof EbpmError) || error.code !== 'EBPM_VERSION_NOT_FOUND') throw error;
    throw missingOffline([`${spec.name}@${spec.kind === 'tag' ? spec.tag : spec.range}`], error);
  }
}

function wasYanked(name: string, { version, yankedBecause: reason }: ApiPackageVersion): EbpmError {
  const why = reason === undefined ? '' : `: ${reason}`;
  return new EbpmError('EBPM_VERSION_YANKED', `Cannot install "${name}@${version}": it was yanked${why}`, {
    hint: `Choose another one: ebpm info ${name}\nOnly a project whose ebpm.lock has it goes on using it`,
  });
}

/** Remembers the tag that an installed version was asked for by, and that somebody asked for it and not only a lockfile. */
async function asked(
  { forProject = false, ...there }: InstalledVersion,
  spec: NamedSpec,
  options: InstallOptions,
): Promise<InstalledVersion> {
  if (spec.kind !== 'tag' && !forProject) return there;
  const tagged = { ...there, ...tagOf(spec), ...(spec.kind === 'tag' && { installedAt: options.now().toISOString() }) };
  await writerOf(options).writeRecord(tagged);
  return tagged;
}

function tagOf(spec: NamedSpec): { readonly tag?: string } {
  return spec.kind === 'tag' ? { tag: spec.tag } : {};
}

async function finish(installed: InstalledVersion, already: boolean, options: InstallOptions): Promise<InstallResult> {
  const { name, version } = installed;
  const here = new Installed(options.home);
  const before = await here.givenTo(name);
  const stays =
    options.keepCurrent === true && before !== undefined && (await here.versionNumbers(name)).includes(before);
  if (!stays && before !== version) await writerOf(options).makeCurrent(name, version);
  return { installed, already, current: !stays || before === version };
}
