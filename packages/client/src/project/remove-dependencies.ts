import { closest, EbpmError, isInRange, MANIFEST_FILE } from '@ebpm/formats';
import type { Lockfile } from '@ebpm/schemas';
import type { NamedSpec } from '../installed.js';
import { type Asker, askersOf } from './lock-chains.js';
import { LOCKFILE, readLockfile, writeLockfile } from './lockfile.js';
import { readProject } from './read-project.js';
import { saveDependencies } from './save-dependencies.js';

/** What became of dependencies that a project asks for no more. */
export interface RemovedDependencies {
  /** In the order in which they are named first. */
  readonly removed: readonly RemovedDependency[];
  /** What the lockfile does not have any more, each as `name@version`, by name. */
  readonly dropped: readonly string[];
}

/** One of them. */
export interface RemovedDependency {
  readonly name: string;
  /** The versions that it was asked for in. */
  readonly range: string;
  /** Who else of the project asks for it, so that the lockfile goes on having it. */
  readonly askers: readonly Asker[];
}

/**
 * Takes dependencies out of the ebpm.json of a project, and what only they needed out of the lockfile. Where one of them is none, all stay. The versions of all else stay as they are, so that no registry is asked.
 *
 * @throws EBPM_NOT_INSTALLED, EBPM_LOCKFILE_UNWRITABLE and what readProject, readLockfile and saveDependencies throw
 */
export async function removeDependencies(folder: string, specs: readonly NamedSpec[]): Promise<RemovedDependencies> {
  const { dependencies } = await readProject(folder);
  const lockfile = await readLockfile(folder);
  const ranges = new Map(specs.map((spec) => [spec.name, rangeOf(spec, dependencies, lockfile)]));
  await saveDependencies(folder, without(dependencies, ranges));
  const left = lockfile && neededOf({ ...lockfile, requires: without(lockfile.requires, ranges) });
  if (left !== undefined) await writeLockfile(folder, left);
  const [old, now] = [lockfile?.packages ?? {}, left?.packages ?? {}];
  const dropped = Object.keys(old).filter((one) => !Object.hasOwn(now, one));
  return {
    removed: [...ranges].map(([name, range]) => {
      const isLeft = left !== undefined && Object.hasOwn(now, name);
      return { name, range, askers: isLeft ? askersOf(left, name) : [] };
    }),
    dropped: dropped.sort().map((one) => `${one}@${old[one]?.version}`),
  };
}

/** What the project asks for a package as. @throws EBPM_NOT_INSTALLED where it does not, or where another version is meant */
function rangeOf(
  spec: NamedSpec,
  dependencies: Readonly<Record<string, string>>,
  lockfile: Lockfile | undefined,
): string {
  const range = Object.hasOwn(dependencies, spec.name) ? dependencies[spec.name] : undefined;
  if (range === undefined) throw notAskedFor(spec.name, dependencies, lockfile);
  refuseOther(spec, lockfile);
  return range;
}

/** The lockfile with what its requirements need, and nothing else. */
function neededOf({ packages, ...lockfile }: Lockfile): Lockfile {
  const needed = new Set(Object.keys(lockfile.requires));
  for (const one of needed) {
    const locked = Object.hasOwn(packages, one) ? packages[one] : undefined;
    for (const next of Object.keys(locked?.dependencies ?? {})) needed.add(next);
  }
  const left = Object.entries(packages).filter(([one]) => needed.has(one));
  return { ...lockfile, packages: Object.fromEntries(left) };
}

function without<T>(record: Readonly<Record<string, T>>, names: ReadonlyMap<string, unknown>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([one]) => !names.has(one)));
}

/** A project has one version of a package: another one cannot be meant. */
function refuseOther(spec: NamedSpec, lockfile: Lockfile | undefined): void {
  if (spec.kind === 'tag' || lockfile === undefined || !Object.hasOwn(lockfile.packages, spec.name)) return;
  const version = lockfile.packages[spec.name]?.version;
  if (version === undefined || isInRange(version, spec.range)) return;
  throw new EbpmError(
    'EBPM_NOT_INSTALLED',
    `Cannot uninstall "${spec.name}@${spec.range}": this project has "${spec.name}@${version}"`,
    { hint: `To take that out of it: ebpm uninstall ${spec.name}\n${globalHint(`${spec.name}@${spec.range}`)}` },
  );
}

function notAskedFor(
  name: string,
  dependencies: Readonly<Record<string, string>>,
  lockfile: Lockfile | undefined,
): EbpmError {
  const askers = lockfile === undefined ? [] : askersOf(lockfile, name).flatMap(({ by }) => by ?? []);
  const others = askers.map((by) => `${by.name}@${by.version}`);
  const reason = others.length === 0 ? '' : `, and ${others.join(', ')} ${others.length === 1 ? 'does' : 'do'}`;
  const similar = others.length === 0 ? closest(name, Object.keys(dependencies)) : undefined;
  return new EbpmError(
    'EBPM_NOT_INSTALLED',
    `Cannot uninstall "${name}": the ${MANIFEST_FILE} here does not ask for it${reason}`,
    {
      hint: [
        ...(similar === undefined ? [] : [`Did you mean "${similar}"?`]),
        ...(others.length === 0 ? [] : [`${LOCKFILE} has it as long as they are in it`]),
        globalHint(name),
      ].join('\n'),
    },
  );
}

function globalHint(spec: string): string {
  return `To remove what is installed for the user: ebpm uninstall --global ${spec}`;
}
