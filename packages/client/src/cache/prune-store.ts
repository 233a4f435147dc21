import { ArchiveStore } from '../archive-store.js';
import { Installed, type InstalledVersion } from '../installed.js';
import { keptNeeds } from '../needs/kept-needs.js';
import { Store } from '../store.js';
import { installedVersions } from './installed-versions.js';
import { KnownProjects } from './known-projects.js';
import { lockedProjects, projectsByDigest } from './locked-projects.js';

/** Something that nobody needs. */
export interface Pruned {
  /** `name@version`, or the digest of an archive that nothing is installed of. */
  readonly what: string;
  /** Bytes on the disk that removing it frees. */
  readonly sizeBytes: number;
}

/** What was removed, or would be. */
export interface PruneReport {
  readonly removed: readonly Pruned[];
  readonly freedBytes: number;
}

/**
 * Takes away what nobody asked for, no lockfile names any more and nothing that stays needs, and the archives that neither something installed nor a
 * lockfile needs. A project whose lockfile is gone needs nothing, and is forgotten. Where one cannot be read, all stays.
 *
 * @throws EBPM_LOCKFILE_INVALID, EBPM_STORE_DAMAGED, EBPM_STORE_UNWRITABLE
 */
export async function pruneStore(home: string, { dryRun = false } = {}): Promise<PruneReport> {
  const { locked, gone, unreadable } = await lockedProjects(home);
  if (unreadable[0] !== undefined) throw unreadable[0];
  const needed = new Set(projectsByDigest(locked).keys());
  const installed = await installedVersions(new Installed(home));
  const left = neededVersions(installed, needed);
  const removed: Pruned[] = [];
  for (const version of installed) {
    if (!left.includes(version)) removed.push(await pruneVersion(home, version, dryRun));
  }
  const kept = new Set([...needed, ...left.map(({ digest }) => digest)]);
  if (!dryRun) for (const folder of gone) await new KnownProjects(home).forget(folder);
  const archives = new ArchiveStore(home);
  const counted = new Set(installed.filter((version) => !left.includes(version)).map(({ digest }) => digest));
  for (const digest of await archives.digests()) {
    if (kept.has(digest)) continue;
    const sizeBytes = (await archives.freedBytes(digest)) ?? 0;
    if (!dryRun) await archives.remove(digest);
    // Its bytes were counted with the version that was made from it.
    if (!counted.has(digest)) removed.push({ what: digest, sizeBytes });
  }
  return { removed, freedBytes: removed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}

/** What somebody asked for, or a lockfile names, and all that was chosen for these. */
function neededVersions(
  installed: readonly InstalledVersion[],
  locked: ReadonlySet<string>,
): readonly InstalledVersion[] {
  const needed = new Set<string>(locked);
  const isNeeded = ({ digest, forProject }: InstalledVersion) => forProject !== true || needed.has(digest);
  // What is added may need more: that of those, too.
  for (let before = -1; before !== needed.size; ) {
    before = needed.size;
    for (const version of installed.filter(isNeeded)) {
      for (const { digest } of Object.values(keptNeeds(version)?.packages ?? {})) needed.add(digest);
    }
  }
  return installed.filter(isNeeded);
}

async function pruneVersion(home: string, version: InstalledVersion, dryRun: boolean): Promise<Pruned> {
  const { name, version: number } = version;
  const archive = await new Installed(home).archiveBytes(version).catch(() => undefined);
  if (!dryRun) {
    const store = new Store(home);
    await store.remove(name, number);
    const given = await new Installed(home).givenTo(name);
    if (given === undefined || given === number) await store.forgetCurrent(name);
  }
  return { what: `${name}@${number}`, sizeBytes: archive?.length ?? 0 };
}
