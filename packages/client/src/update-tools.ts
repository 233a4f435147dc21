import { findOutdatedTools, tagOf } from './find-outdated-tools.js';
import { type InstallOptions, type InstallResult, installPackage, type RegistryAccess } from './install-package.js';
import type { InstalledVersion } from './installed.js';
import type { PackageRegistry } from './package-registry.js';
import { Store } from './store.js';

/** A tool that was updated. */
export interface UpdatedTool {
  readonly before: InstalledVersion;
  readonly result: InstallResult;
}

/** How tools are updated. */
export interface UpdateToolsOptions extends Omit<InstallOptions, 'keepCurrent'> {
  /** The registry that a tool is asked for at. */
  readonly registryOf: (tool: InstalledVersion, access: RegistryAccess) => PackageRegistry;
}

/**
 * Installs what the tags name now that tools were installed by, `latest` where it was none, and lets the bare names stand for it. What they stood for before is needed by nobody who
 * asked for it any more, so that the next prune removes it.
 *
 * @throws what findOutdatedTools and installPackage throw
 */
export async function updateTools(
  tools: readonly InstalledVersion[],
  options: UpdateToolsOptions,
): Promise<readonly UpdatedTool[]> {
  return options.withRegistries(async (access) => {
    const outdated = await findOutdatedTools(tools, (tool) => options.registryOf(tool, access));
    const updated: UpdatedTool[] = [];
    for (const { name, current, wanted } of outdated) {
      const before = tools.find((tool) => tool.name === name);
      if (before === undefined || wanted === current) continue;
      const own = options.registryOf(before, access);
      const registryFor = (other: string) => (other === name ? own : access.registryFor(other));
      const spec = { kind: 'tag', name, tag: tagOf(before) } as const;
      const result = await installPackage(spec, {
        ...options,
        withRegistries: (use) => use({ ...access, registryFor }),
      });
      const { tag: _, ...untagged } = before;
      await new Store(options.home).writeRecord({ ...untagged, forProject: true });
      updated.push({ before, result });
    }
    return updated;
  });
}
