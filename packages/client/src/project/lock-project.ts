import { EbpmError, publisherKeyId } from '@ebpm/formats';
import type { LockedPackage, Lockfile } from '@ebpm/schemas';
import { missingOffline } from '../offline-registry.js';
import type { AskedBy } from '../resolve/incompatibility.js';
import {
  type ListedVersion,
  RegistrySource,
  type RegistrySourceOptions,
  requirementsOf,
} from '../resolve/registry-source.js';
import { Solver } from '../resolve/solver.js';
import { verifyPublisher } from '../trust/verify-publisher.js';

/** How the versions of a project are chosen. */
export interface LockOptions extends Omit<RegistrySourceOptions, 'locked'> {
  /** The id of the key that a package of a registry was signed with before, where the lockfile does not say it; default: nothing is known. */
  readonly knownKey?: ((name: string, registry: string) => Promise<string | undefined>) | undefined;
  /** The id of a publisher's key that is trusted whatever key was there before. */
  readonly acceptKey?: string | undefined;
  /** The lockfile so far, whose versions stay where they fit; default: none. */
  readonly before?: Lockfile | undefined;
  /** Packages that are chosen anew although the lockfile has them. */
  readonly update?: ReadonlySet<string> | 'all' | undefined;
  /** The version of a package that all of it is for; default: a project, or whoever has typed the command. */
  readonly root?: AskedBy | undefined;
}

/**
 * Chooses a version for everything that a project needs.
 *
 * @throws EBPM_RESOLVE_CONFLICT, EBPM_OFFLINE, EBPM_RESOLVE_TOO_LARGE, what verifyPublisher throws and what the registries answer
 */
export async function lockProject(
  requires: Readonly<Record<string, string>>,
  { before, update, knownKey, acceptKey, root, ...options }: LockOptions,
): Promise<Lockfile> {
  const locked = new Map(
    Object.entries(before?.packages ?? {})
      .filter(([name]) => update !== 'all' && update?.has(name) !== true)
      .map(([name, { version }]) => [name, version]),
  );
  const source = new RegistrySource({ ...options, locked });
  const wishes = requirementsOf(requires);
  await source.lookAhead(wishes);
  const chosen = await new Solver(source, locked, root).solve(wishes).catch((error: unknown) => {
    const isConflict = error instanceof EbpmError && error.code === 'EBPM_RESOLVE_CONFLICT';
    throw isConflict && source.missing.size > 0 ? missingOffline([...source.missing].sort(), error) : error;
  });
  const pinnedKey = async (name: string, registry: string) =>
    own(before?.packages ?? {}, name)?.key ?? (await knownKey?.(name, registry));
  const packages = await Promise.all(
    [...chosen].map(async ([name, version]) => {
      const found = await source.listed(name, version);
      const pinned = await pinnedKey(name, found.registry.url);
      return [name, lockedPackage({ name, found, pinned, acceptKey })] as const;
    }),
  );
  return { lockfile: 1, requires, packages: Object.fromEntries(packages) };
}

interface Chosen {
  readonly name: string;
  readonly found: ListedVersion;
  readonly pinned: string | undefined;
  readonly acceptKey: string | undefined;
}

/** The key stays in the lockfile, so that everybody who works on the project trusts the same publisher. */
function lockedPackage({ name, found, pinned, acceptKey }: Chosen): LockedPackage {
  const { registry, listed, keys, dependencies } = found;
  const signature = verifyPublisher({ name, listed, keys, pinned, accepted: acceptKey });
  return {
    version: listed.version,
    digest: listed.digest,
    registry: registry.url,
    ...(signature !== undefined && { key: publisherKeyId(signature.key) }),
    ...(Object.keys(dependencies).length > 0 && { dependencies }),
  };
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
