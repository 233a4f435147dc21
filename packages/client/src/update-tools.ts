import { findOutdatedTools, tagOf } from './find-outdated-tools.js';
import { type InstallOptions, installPackage, type RegistryAccess } from './install-package.js';
import type { InstalledVersion } from './installed.js';
import { keptNeeds } from './needs/kept-needs.js';
import { renewNeeds } from './needs/renew-needs.js';
import type { PackageRegistry } from './package-registry.js';
import type { Outdated } from './project/find-outdated.js';
import { Store } from './store.js';

/** A tool before and after an update: both are the same version where only what it depends on may have been renewed. */
export interface UpdatedTool {
  readonly before: InstalledVersion;
  readonly after: InstalledVersion;
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
 * asked for it any more, so that the next prune removes it. Of what the tools depend on, the newest versions are taken that all who ask for them allow.
 *
 * @throws what findOutdatedTools, installPackage and renewNeeds throw
 */
export async function updateTools(
  tools: readonly InstalledVersion[],
  options: UpdateToolsOptions,
): Promise<readonly UpdatedTool[]> {
  return options.withRegistries(async (access) => {
    const outdated = await findOutdatedTools(tools, (tool) => options.registryOf(tool, access));
    const updated: UpdatedTool[] = [];
    for (const before of tools) {
      const own = { ...access, registryFor: registriesOf(before, options, access) };
      const newer = isNewer(outdated, before) ? await installNewer(before, options, own) : before;
      updated.push({ before, after: await renewNeeds(newer, { ...options, ...own }) });
    }
    return updated;
  });
}

function isNewer(outdated: readonly Outdated[], { name }: InstalledVersion): boolean {
  return outdated.some((one) => one.name === name && one.wanted !== one.current);
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
