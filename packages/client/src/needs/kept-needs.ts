import { type Lockfile, lockfileKind, validate } from '@ebpm/schemas';
import type { InstalledVersion } from '../installed.js';
import { lockProblem } from '../project/lock-problem.js';

/**
 * The versions that were chosen for what an installed version depends on, in the form of a lockfile. Undefined where none were, or what is kept is none: whoever owns the
 * store can write into it.
 */
export function keptNeeds({ needs }: Pick<InstalledVersion, 'needs'>): Lockfile | undefined {
  if (needs === undefined) return undefined;
  const checked = validate(lockfileKind, needs);
  return checked.ok && lockProblem(checked.value, checked.value.requires) === undefined ? checked.value : undefined;
}

/** The part of a lockfile that one of its packages needs; undefined where that is nothing. */
export function needsWithin({ packages }: Lockfile, name: string): Lockfile | undefined {
  const requires = ownDependencies(packages, name);
  if (Object.keys(requires).length === 0) return undefined;
  const needed = new Set(Object.keys(requires));
  for (const one of needed) for (const next of Object.keys(ownDependencies(packages, one))) needed.add(next);
  const own = Object.entries(packages).filter(([one]) => needed.has(one));
  return { lockfile: 1, requires, packages: Object.fromEntries(own) };
}

function ownDependencies(packages: Lockfile['packages'], name: string): Readonly<Record<string, string>> {
  return Object.hasOwn(packages, name) ? (packages[name]?.dependencies ?? {}) : {};
}
