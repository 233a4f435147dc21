import { compareVersions, LATEST } from '@ebpm/formats';
import { inParallel } from './in-parallel.js';
import type { InstalledVersion } from './installed.js';
import { MAX_DOWNLOADS } from './limits.js';
import { keptNeeds } from './needs/kept-needs.js';
import type { PackageRegistry } from './package-registry.js';
import { findOutdated, isOutdated, type Outdated, outdated, packageOf } from './project/find-outdated.js';
import { versionIdentity } from './version-identity.js';

/** A package that has newer versions than the one that a tool goes by. */
export interface OutdatedNeed extends Outdated {
  /** Name and version of the tool. */
  readonly neededBy: string;
}

/**
 * The tools that have newer versions, or whose version was yanked. Wanted is what the tag names that a tool was installed by, `latest` where it was none; never a lower one.
 *
 * @throws what the registries answer
 */
export async function findOutdatedTools(
  tools: readonly InstalledVersion[],
  registryOf: (tool: InstalledVersion) => PackageRegistry,
): Promise<readonly Outdated[]> {
  const found = await inParallel(tools, MAX_DOWNLOADS, async (tool) => {
    const listed = await packageOf(registryOf(tool), tool.name);
    const tag = tagOf(tool);
    const named = Object.hasOwn(listed.tags, tag) ? versionIdentity(listed.tags[tag] ?? '') : undefined;
    const isHigher = named !== undefined && compareVersions(named, tool.version) > 0;
    return outdated(tool.name, tool.version, [isHigher ? named : tool.version], listed);
  });
  return found.filter(isOutdated);
}

/** What tools depend on of which there are newer versions, or whose version was yanked, for each tool that needs it. @throws what the registries answer */
export async function findOutdatedNeeds(
  tools: readonly InstalledVersion[],
  registryAt: (url: string) => PackageRegistry,
): Promise<readonly OutdatedNeed[]> {
  const found: OutdatedNeed[] = [];
  for (const tool of tools) {
    const needs = keptNeeds(tool);
    const neededBy = `${tool.name}@${tool.version}`;
    if (needs !== undefined)
      found.push(...(await findOutdated(needs, registryAt)).map((one) => ({ ...one, neededBy })));
  }
  return found;
}

/** The tag that a tool follows. */
export function tagOf({ tag = LATEST }: InstalledVersion): string {
  return tag;
}
