import { compareVersions, EbpmError, isInRange, LATEST } from '@ebpm/formats';
import { installedVersions } from './cache/installed-versions.js';
import { Installed, type InstalledVersion, type NamedSpec } from './installed.js';
import { neededBy } from './needs/needed-by.js';
import { Store } from './store.js';

/** What became of versions of a package that somebody wants no more. */
export interface UninstallResult {
  readonly name: string;
  readonly removed: readonly string[];
  /** Versions that stay, since something that is installed needs them: `prune` removes them once nothing does. */
  readonly kept: readonly { readonly version: string; readonly neededBy: readonly string[] }[];
}

/**
 * Takes the installed versions away that specs name: all of a bare name, those in a range, those of a tag. Where one of them names none, all stay. A name
 * then stands for the highest version that is left, a stable one if there is one. The archives stay, to be installed from. What another installed package needs stays.
 *
 * @returns what became of each package, in the order in which they are named first
 * @throws EBPM_NOT_INSTALLED, EBPM_STORE_DAMAGED, EBPM_STORE_UNWRITABLE
 */
export async function uninstallPackages(
  specs: readonly NamedSpec[],
  home: string,
): Promise<readonly UninstallResult[]> {
  const here = new Installed(home);
  const meant = new Map<string, MeantVersions>();
  for (const spec of specs) {
    const before = meant.get(spec.name);
    meant.set(spec.name, new Map([...(before ?? []), ...(await versionsMeant(here, spec))]));
  }
  const others = (await installedVersions(here)).filter(({ name, version }) => meant.get(name)?.has(version) !== true);
  const askers = neededBy(others);
  const results: UninstallResult[] = [];
  for (const [name, versions] of meant) results.push(await uninstall(home, name, { versions, askers }));
  return results;
}

/** The records of versions by their numbers; undefined for one that is damaged. */
type MeantVersions = ReadonlyMap<string, InstalledVersion | undefined>;

interface UninstallRequest {
  readonly versions: MeantVersions;
  readonly askers: ReturnType<typeof neededBy>;
}

async function uninstall(home: string, name: string, { versions, askers }: UninstallRequest): Promise<UninstallResult> {
  const store = new Store(home);
  const removed: string[] = [];
  const kept: UninstallResult['kept'][number][] = [];
  for (const [version, record] of [...versions].sort(([a], [b]) => compareVersions(b, a))) {
    const needed = (record && askers.get(record.digest)) ?? [];
    if (record === undefined || needed.length === 0) {
      if (await store.remove(name, version)) removed.push(version);
      continue;
    }
    kept.push({ version, neededBy: needed.map((one) => `${one.name}@${one.version}`) });
    // From now on nobody asks for it but those.
    await store.writeRecord({ ...record, forProject: true });
  }
  const given = await new Installed(home).givenTo(name);
  if (given === undefined || versions.has(given)) await store.forgetCurrent(name);
  return { name, removed, kept };
}

/** The installed versions that a spec names, highest first. @throws EBPM_NOT_INSTALLED where there are none */
async function versionsMeant(here: Installed, spec: NamedSpec): Promise<MeantVersions> {
  const numbers = await here.versionNumbers(spec.name);
  const records = await Promise.all(
    numbers.map(async (version) => [version, await recordOf(here, spec.name, version)] as const),
  );
  const meant = records.filter(([version, record]) => isMeant(spec, version, record));
  if (meant.length === 0) throw notInstalled(spec, numbers);
  return new Map(meant);
}

/** A damaged record can be removed too. */
async function recordOf(here: Installed, name: string, version: string): Promise<InstalledVersion | undefined> {
  try {
    return await here.version(name, version);
  } catch (error) {
    if (error instanceof EbpmError && error.code === 'EBPM_STORE_DAMAGED') return undefined;
    throw error;
  }
}

function isMeant(spec: NamedSpec, version: string, record: InstalledVersion | undefined): boolean {
  if (spec.kind === 'range') return isInRange(version, spec.range);
  return spec.tag === LATEST || record?.tag === spec.tag;
}

function notInstalled(spec: NamedSpec, numbers: readonly string[]): EbpmError {
  const wanted = spec.kind === 'range' ? spec.range : spec.tag;
  const reason = numbers.length === 0 ? 'it is not installed' : `no installed version is "${wanted}"`;
  return new EbpmError('EBPM_NOT_INSTALLED', `Cannot uninstall "${spec.name}": ${reason}`, {
    hint: 'See what is installed: ebpm list',
    data: { installed: numbers },
  });
}
