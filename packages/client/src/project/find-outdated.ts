import { compareVersions, EbpmError, isPrerelease, LATEST, versionsInRange } from '@ebpm/formats';
import type { ApiPackage, Lockfile } from '@ebpm/schemas';
import { listedVersions } from '../choose-version.js';
import { inParallel } from '../in-parallel.js';
import { MAX_DOWNLOADS } from '../limits.js';
import type { PackageRegistry } from '../package-registry.js';
import { versionIdentity } from '../version-identity.js';
import { askersOf } from './lock-chains.js';

/** A package that has newer versions than the one in use. */
export interface Outdated {
  readonly name: string;
  readonly current: string;
  /** The newest that everybody who asks for it allows. */
  readonly wanted: string;
  /** What the tag `latest` names; undefined where nothing has it. */
  readonly latest: string | undefined;
  /** Whether the version in use was yanked. */
  readonly yanked: boolean;
}

/** The packages of a lockfile that have newer versions, or whose version was yanked, by name. @throws what the registries answer */
export async function findOutdated(
  lockfile: Lockfile,
  registryAt: (url: string) => PackageRegistry,
): Promise<readonly Outdated[]> {
  const found = await inParallel(Object.entries(lockfile.packages).sort(), MAX_DOWNLOADS, async ([name, locked]) => {
    const listed = await packageOf(registryAt(locked.registry), name);
    const ranges = askersOf(lockfile, name).map(({ range }) => range);
    return outdated(name, locked.version, ranges, listed);
  });
  return found.filter(isOutdated);
}

/** Whether there is something to say of it. */
export function isOutdated({ yanked, current, wanted, latest }: Outdated): boolean {
  return yanked || wanted !== current || isNewer(latest, current);
}

const GONE = ['EBPM_PACKAGE_NOT_FOUND', 'EBPM_TAKEN_DOWN'];

/** A package that is gone has no versions. */
export async function packageOf(registry: PackageRegistry, name: string): Promise<ApiPackage> {
  try {
    return await registry.package(name);
  } catch (error) {
    const isGone = error instanceof EbpmError && GONE.includes(error.code);
    if (isGone) return { name, tags: {}, versions: [] };
    throw error;
  }
}

/** @param ranges what of its versions everybody who asks for it allows */
export function outdated(name: string, current: string, ranges: readonly string[], from: ApiPackage): Outdated {
  const versions = listedVersions(from);
  const offered = versions.filter(({ yanked }) => !yanked).map(({ version }) => version);
  const allowed = ranges.reduce((left: readonly string[], range) => versionsInRange(left, range), offered);
  const newest = [...allowed].sort(compareVersions).at(-1);
  const stays = newest === undefined || (compareVersions(newest, current) < 0 && !isPrerelease(current));
  return {
    name,
    current,
    wanted: stays ? current : newest,
    latest: versionIdentity(from.tags[LATEST] ?? ''),
    yanked: versions.some(({ version, yanked }) => yanked && version === current),
  };
}

function isNewer(version: string | undefined, current: string): boolean {
  return version !== undefined && compareVersions(version, current) > 0;
}
