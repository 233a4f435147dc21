import { SNAPSHOT_LIMITS } from '../limits-log.js';
import type { SnapshotKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { snapshotsBySchema } from './list-snapshots.js';

/**
 * Removes the snapshots that nobody will start from: of the two latest schemas three are kept, of others none. Two, so that
 * replicas of the version before go on starting fast while a new one is rolled out.
 * @returns what was removed
 * @throws EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
 */
export async function sweepSnapshots(store: Store): Promise<readonly SnapshotKey[]> {
  const bySchema = [...(await snapshotsBySchema(store))].sort(([a], [b]) => b - a);
  const { schemas, kept } = SNAPSHOT_LIMITS;
  const old = bySchema.flatMap(([, keys], place) => keys.slice(place < schemas ? kept : 0));
  for (const key of old) await store.remove(key);
  return old;
}
