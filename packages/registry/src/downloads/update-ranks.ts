import { setImmediate as otherWork } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { inTransaction } from '../index/in-transaction.js';
import type { PackageIndex } from '../index/package-index.js';
import { levelOf } from '../index/search-level.js';
import { DOWNLOAD_LIMITS } from '../limits.js';

/** Gives packages the place in search that their downloads of late deserve, a few at a time. */
export async function updateRanks(
  database: Database.Database,
  packages: PackageIndex,
  recent: ReadonlyMap<string, number>,
): Promise<void> {
  const all = [...recent];
  for (let at = 0; at < all.length && database.open; at += DOWNLOAD_LIMITS.ranksAtOnce) {
    const some = all.slice(at, at + DOWNLOAD_LIMITS.ranksAtOnce);
    inTransaction(database, () =>
      packages.putLevels(some.map(([name, downloads]) => [name, levelOf(downloads)] as const)),
    );
    await otherWork();
  }
}
