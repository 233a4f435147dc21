import { compareVersions, LATEST } from '@ebpm/formats';
import { inParallel } from './in-parallel.js';
import type { InstalledVersion } from './installed.js';
import { MAX_DOWNLOADS } from './limits.js';
import type { PackageRegistry } from './package-registry.js';
import { isOutdated, type Outdated, outdated, packageOf } from './project/find-outdated.js';
import { versionIdentity } from './version-identity.js';

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

/** The tag that a tool follows. */
export function tagOf({ tag = LATEST }: InstalledVersion): string {
  return tag;
}
