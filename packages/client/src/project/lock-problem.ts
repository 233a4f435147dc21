import { EbpmError, isInRange } from '@ebpm/formats';
import type { Lockfile } from '@ebpm/schemas';

/**
 * Why a lockfile is not one of a project any more: what is asked for was changed since, or it lacks what it needs itself. Undefined
 * where it fits.
 */
export function lockProblem(lockfile: Lockfile, dependencies: Readonly<Record<string, string>>): string | undefined {
  const { requires, packages } = lockfile;
  for (const name of new Set([...Object.keys(dependencies), ...Object.keys(requires)])) {
    const [wanted, locked] = [own(dependencies, name), own(requires, name)];
    if (wanted === undefined) return `"${name}" is not asked for any more`;
    if (locked === undefined) return `it lacks "${name}"`;
    if (wanted !== locked) return `"${name}" is asked for as "${wanted}", and it was made for "${locked}"`;
  }
  const wishes = [requires, ...Object.values(packages).map((one) => one.dependencies ?? {})].flatMap(
    Object.entries<string>,
  );
  for (const [name, range] of wishes) {
    const version = own(packages, name)?.version;
    if (version === undefined) return `it lacks "${name}"`;
    if (!isInRange(version, range)) return `"${name}@${version}" is not in "${range}", which it is asked for as`;
  }
  return undefined;
}

/** Refuses to do something by a lockfile that is not the project's any more. @throws EBPM_LOCKFILE_STALE */
export function refuseStale(lockfile: Lockfile, dependencies: Readonly<Record<string, string>>, action: string): void {
  const problem = lockProblem(lockfile, dependencies);
  if (problem === undefined) return;
  throw new EbpmError('EBPM_LOCKFILE_STALE', `Cannot ${action}: ${problem}`, {
    hint: 'Bring it up to date: ebpm install',
  });
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
