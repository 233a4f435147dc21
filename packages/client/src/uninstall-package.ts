import { EbpmError, isInRange, LATEST } from '@ebpm/formats';
import { Installed, type InstalledVersion, type NamedSpec } from './installed.js';
import { Store } from './store.js';

/**
 * Takes the installed versions away that a spec names: all of a bare name, those in a range, those of a tag. The name
 * then stands for the highest version that is left, a stable one if there is one. Gives what was removed. Its archives stay, to be installed from.
 *
 * @throws EBPM_NOT_INSTALLED, EBPM_STORE_UNWRITABLE
 */
export async function uninstallPackage(spec: NamedSpec, home: string): Promise<readonly string[]> {
  const { name } = spec;
  const here = new Installed(home);
  const store = new Store(home);
  const numbers = await here.versionNumbers(name);
  const records = new Map(
    await Promise.all(numbers.map(async (version) => [version, await recordOf(here, name, version)] as const)),
  );
  const meant = numbers.filter((version) => isMeant(spec, version, records.get(version)));
  if (meant.length === 0) throw notInstalled(spec, numbers);
  const removed: string[] = [];
  for (const version of meant) if (await store.remove(name, version)) removed.push(version);
  const given = await here.givenTo(name);
  if (given === undefined || meant.includes(given)) await store.forgetCurrent(name);
  return removed;
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
