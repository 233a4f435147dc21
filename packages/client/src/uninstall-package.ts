import { EbpmError, isInRange, isPrerelease, LATEST } from '@ebpm/formats';
import { Installed, type InstalledVersion, type NamedSpec } from './installed.js';
import { Store } from './store.js';

/**
 * Takes the installed versions away that a spec names: all of a bare name, those in a range, those of a tag. The name
 * then stands for the highest version that is left, a stable one if there is one. Gives what was removed.
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
  const removed = numbers.filter((version) => isMeant(spec, version, records.get(version)));
  if (removed.length === 0) throw notInstalled(spec, numbers);
  for (const version of removed) await store.removeRecord(name, version);
  const left = numbers.filter((version) => !removed.includes(version));
  const kept = new Set(left.map((version) => records.get(version)?.digest));
  for (const version of removed) {
    const digest = records.get(version)?.digest;
    if (digest !== undefined && !kept.has(digest)) await store.removeContents(digest);
  }
  const [next] = [...left.filter((version) => !isPrerelease(version)), ...left];
  if (next === undefined) await store.forget(name);
  else if (!left.includes((await here.current(name)) ?? '')) await store.makeCurrent(name, next);
  return removed;
}

/** A damaged record can be removed too; its files stay. */
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
