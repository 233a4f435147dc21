import { isDeepStrictEqual } from 'node:util';
import { Installed, type InstalledVersion } from '../installed.js';
import { writerOf } from '../version-writer.js';
import { dependenciesOf } from './dependencies-of.js';
import { type InstallNeedsOptions, installNeeds } from './install-needs.js';
import { keptNeeds } from './kept-needs.js';

/**
 * Installs the newest versions of what an installed version depends on that all who ask for them allow, and lets it go by these from now on.
 *
 * @returns the version, with what was chosen for it now
 * @throws what installNeeds throws
 */
export async function renewNeeds(
  version: InstalledVersion,
  options: Omit<InstallNeedsOptions, 'root' | 'before' | 'isRenewed'>,
): Promise<InstalledVersion> {
  const dependencies = await dependenciesOf(new Installed(options.home), version);
  if (dependencies === undefined || Object.keys(dependencies).length === 0) return version;
  const before = keptNeeds(version);
  const needs = await installNeeds(dependencies, { ...options, before, root: version, isRenewed: true });
  if (isDeepStrictEqual(before?.packages, needs?.packages)) return version;
  const renewed = { ...version, needs };
  await writerOf(options).writeRecord(renewed);
  return renewed;
}
