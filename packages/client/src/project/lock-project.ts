import { EbpmError } from '@ebpm/formats';
import type { LockedPackage, Lockfile } from '@ebpm/schemas';
import { missingOffline } from '../offline-registry.js';
import { RegistrySource, type RegistrySourceOptions, requirementsOf } from '../resolve/registry-source.js';
import { Solver } from '../resolve/solver.js';

/** How the versions of a project are chosen. */
export interface LockOptions extends Omit<RegistrySourceOptions, 'locked'> {
  /** The lockfile so far, whose versions stay where they fit; default: none. */
  readonly before?: Lockfile | undefined;
  /** Packages that are chosen anew although the lockfile has them. */
  readonly update?: ReadonlySet<string> | 'all' | undefined;
}

/**
 * Chooses a version for everything that a project needs.
 *
 * @throws EBPM_RESOLVE_CONFLICT, EBPM_OFFLINE, EBPM_RESOLVE_TOO_LARGE and what the registries answer
 */
export async function lockProject(
  requires: Readonly<Record<string, string>>,
  { before, update, ...options }: LockOptions,
): Promise<Lockfile> {
  const locked = new Map(
    Object.entries(before?.packages ?? {})
      .filter(([name]) => update !== 'all' && update?.has(name) !== true)
      .map(([name, { version }]) => [name, version]),
  );
  const source = new RegistrySource({ ...options, locked });
  const chosen = await new Solver(source, locked).solve(requirementsOf(requires)).catch((error: unknown) => {
    const isConflict = error instanceof EbpmError && error.code === 'EBPM_RESOLVE_CONFLICT';
    throw isConflict && source.missing.size > 0 ? missingOffline([...source.missing].sort(), error) : error;
  });
  const packages = await Promise.all(
    [...chosen].map(async ([name, version]) => [name, await lockedPackage(source, name, version)] as const),
  );
  return { lockfile: 1, requires, packages: Object.fromEntries(packages) };
}

async function lockedPackage(source: RegistrySource, name: string, version: string): Promise<LockedPackage> {
  const { registry, listed, dependencies } = await source.listed(name, version);
  return {
    version,
    digest: listed.digest,
    registry: registry.url,
    ...(Object.keys(dependencies).length > 0 && { dependencies }),
  };
}
