import { isDeepStrictEqual } from 'node:util';
import type { Lockfile } from '@ebpm/schemas';
import { Installed } from '../installed.js';
import { type InstallLockedOptions, installLocked } from '../project/install-locked.js';
import { lockProblem } from '../project/lock-problem.js';
import { lockProject } from '../project/lock-project.js';
import type { AskedBy } from '../resolve/incompatibility.js';
import type { RegistrySourceOptions } from '../resolve/registry-source.js';
import { installedKey } from '../trust/installed-key.js';
import { writerOf } from '../version-writer.js';
import { keptNeeds, needsWithin } from './kept-needs.js';

/** What installing what a package depends on needs. */
export interface InstallNeedsOptions extends InstallLockedOptions, Pick<RegistrySourceOptions, 'registryFor'> {
  /** What was chosen before, which stays while it fits; default: nothing was. */
  readonly before?: Lockfile | undefined;
  /** Whether the newest versions are chosen, whatever was before. Default false. */
  readonly isRenewed?: boolean;
  /** The version that depends on them. */
  readonly root: AskedBy;
}

/**
 * Installs what a package depends on, and what that depends on, one version of each.
 *
 * @returns the versions; undefined for a package that depends on nothing
 * @throws what lockProject and installLocked throw
 */
export async function installNeeds(
  dependencies: Readonly<Record<string, string>>,
  { before, isRenewed = false, root, registryFor, ...options }: InstallNeedsOptions,
): Promise<Lockfile | undefined> {
  if (Object.keys(dependencies).length === 0) return undefined;
  const { home, ebpmVersion, acceptKey } = options;
  const here = new Installed(home);
  const fits = !isRenewed && before !== undefined && lockProblem(before, dependencies) === undefined;
  const lockfile = fits
    ? before
    : await lockProject(dependencies, {
        registryFor,
        before,
        update: isRenewed ? 'all' : undefined,
        root,
        ebpmVersion,
        acceptKey,
        knownKey: (name, registry) => installedKey(here, name, registry),
      });
  const results = await installLocked(lockfile, options);
  const writer = writerOf(options);
  // One that starts tools itself finds those that were chosen for all together. What somebody asked for by its name has its own.
  for (const { installed } of results) {
    const isOpen = keptNeeds(installed) === undefined || (isRenewed && installed.forProject === true);
    const needs = isOpen ? needsWithin(lockfile, installed.name) : undefined;
    if (needs !== undefined && !isDeepStrictEqual(needs, installed.needs))
      await writer.writeRecord({ ...installed, needs });
  }
  return lockfile;
}
