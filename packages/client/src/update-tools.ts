import { EbpmError } from '@ebpm/formats';
import { findOutdatedTools, tagOf } from './find-outdated-tools.js';
import { inParallel } from './in-parallel.js';
import { type InstallOptions, installPackage, type RegistryAccess } from './install-package.js';
import type { InstalledVersion } from './installed.js';
import { MAX_DOWNLOADS } from './limits.js';
import { keptNeeds } from './needs/kept-needs.js';
import { renewNeeds } from './needs/renew-needs.js';
import type { PackageRegistry } from './package-registry.js';
import type { Outdated } from './project/find-outdated.js';
import { refusal } from './refusal.js';
import { Store } from './store.js';

/** A tool before and after an update: both are the same version where only what it depends on may have been renewed. */
export interface UpdatedTool {
  readonly before: InstalledVersion;
  readonly after: InstalledVersion;
}

/** A tool, as it is now, that is not as new as it may be, or that depends on what is not, and why. */
export interface FailedUpdate {
  readonly tool: InstalledVersion;
  readonly error: EbpmError;
}

/** What an update of tools did. */
export interface ToolUpdates {
  /** All of them, also those that are as they were because that failed. */
  readonly updated: readonly UpdatedTool[];
  readonly failed: readonly FailedUpdate[];
}

/** A package, and the registry that it came from. */
export type KnownPackage = Pick<InstalledVersion, 'name' | 'registry'>;

/** How tools are updated. */
export interface UpdateToolsOptions extends Omit<InstallOptions, 'keepCurrent'> {
  /** The registry that a tool, or what it depends on, is asked for at. */
  readonly registryOf: (known: KnownPackage, access: RegistryAccess) => PackageRegistry;
}

/**
 * Installs what the tags name now that tools were installed by, `latest` where it was none, and lets the bare names stand for it. What they stood for before is needed by nobody who
 * asked for it any more, so that the next prune removes it. Of what the tools depend on, the newest versions are taken that all who ask for them allow. What keeps one tool
 * from it is told, and the others are updated all the same.
 */
export async function updateTools(
  tools: readonly InstalledVersion[],
  options: UpdateToolsOptions,
): Promise<ToolUpdates> {
  const updated: UpdatedTool[] = [];
  const failed: FailedUpdate[] = [];
  await options.withRegistries(async (access) => {
    const looked = await inParallel(tools, MAX_DOWNLOADS, (tool) => newerOf(tool, options, access).catch(refusal));
    for (const [index, before] of tools.entries()) {
      const own = { ...access, registryFor: registriesOf(before, options, access) };
      let after = before;
      try {
        const newer = looked[index] ?? [];
        if (newer instanceof EbpmError) throw newer;
        if (newer.length > 0) after = await installNewer(before, options, own);
        after = await renewNeeds(after, { ...options, ...own });
      } catch (error) {
        failed.push({ tool: after, error: refusal(error) });
      }
      updated.push({ before, after });
    }
  });
  return { updated, failed };
}

/** The version that a tool is to be updated to; none where there is none. */
async function newerOf(
  tool: InstalledVersion,
  { registryOf }: UpdateToolsOptions,
  access: RegistryAccess,
): Promise<readonly Outdated[]> {
  const outdated = await findOutdatedTools([tool], (known) => registryOf(known, access));
  return outdated.filter(({ wanted, current }) => wanted !== current);
}

/** Where a tool is asked for, and what it depends on: where they came from, as far as they did from anywhere. */
function registriesOf(
  tool: InstalledVersion,
  { registryOf }: UpdateToolsOptions,
  access: RegistryAccess,
): RegistryAccess['registryFor'] {
  const known = new Map(
    Object.entries(keptNeeds(tool)?.packages ?? {}).map(([name, { registry }]) => [name, registry]),
  );
  known.set(tool.name, tool.registry);
  return (name) => {
    const registry = known.get(name);
    return registry === undefined ? access.registryFor(name) : registryOf({ name, registry }, access);
  };
}

async function installNewer(
  before: InstalledVersion,
  options: UpdateToolsOptions,
  access: RegistryAccess,
): Promise<InstalledVersion> {
  const spec = { kind: 'tag', name: before.name, tag: tagOf(before) } as const;
  const { installed } = await installPackage(spec, { ...options, withRegistries: (use) => use(access) });
  const { tag: _, ...untagged } = before;
  await new Store(options.home).writeRecord({ ...untagged, forProject: true });
  return installed;
}
