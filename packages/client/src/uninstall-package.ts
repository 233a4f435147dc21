import { EbpmError, isInRange, LATEST } from '@ebpm/formats';
import { installedVersions } from './cache/installed-versions.js';
import { Installed, type InstalledVersion, type NamedSpec } from './installed.js';
import { neededBy } from './needs/needed-by.js';
import { Store } from './store.js';

/** What became of versions that somebody wants no more. */
export interface UninstallResult {
  readonly removed: readonly string[];
  /** Versions that stay, since something that is installed needs them: `prune` removes them once nothing does. */
  readonly kept: readonly { readonly version: string; readonly neededBy: readonly string[] }[];
}

/**
 * Takes the installed versions away that a spec names: all of a bare name, those in a range, those of a tag. The name
 * then stands for the highest version that is left, a stable one if there is one. Its archives stay, to be installed from. What another installed package needs stays.
 *
 * @throws EBPM_NOT_INSTALLED, EBPM_STORE_DAMAGED, EBPM_STORE_UNWRITABLE
 */
export async function uninstallPackage(spec: NamedSpec, home: string): Promise<UninstallResult> {
  const { name } = spec;
  const here = new Installed(home);
  const store = new Store(home);
  const numbers = await here.versionNumbers(name);
  const records = new Map(
    await Promise.all(numbers.map(async (version) => [version, await recordOf(here, name, version)] as const)),
  );
  const meant = numbers.filter((version) => isMeant(spec, version, records.get(version)));
  if (meant.length === 0) throw notInstalled(spec, numbers);
  const others = (await installedVersions(here)).filter((one) => one.name !== name || !meant.includes(one.version));
  const askers = neededBy(others);
  const removed: string[] = [];
  const kept: UninstallResult['kept'][number][] = [];
  for (const version of meant) {
    const record = records.get(version);
    const needed = (record && askers.get(record.digest)) ?? [];
    if (record === undefined || needed.length === 0) {
      if (await store.remove(name, version)) removed.push(version);
      continue;
    }
    kept.push({ version, neededBy: needed.map((one) => `${one.name}@${one.version}`) });
    // From now on nobody asks for it but those.
    await store.writeRecord({ ...record, forProject: true });
  }
  const given = await here.givenTo(name);
  if (given === undefined || meant.includes(given)) await store.forgetCurrent(name);
  return { removed, kept };
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
