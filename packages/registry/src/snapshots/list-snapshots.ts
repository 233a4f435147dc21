import { type SnapshotKey, type StoreKey, snapshotName } from '../stores/keys.js';
import type { Store } from '../stores/store.js';

/** The snapshots of a schema, the newest first. */
export async function listSnapshots(store: Store, schema: number): Promise<readonly SnapshotKey[]> {
  return (await store.list(`snapshots/${schema}/`)).filter(isSnapshotKey);
}

/** All snapshots, by schema. */
export async function snapshotsBySchema(store: Store): Promise<ReadonlyMap<number, readonly SnapshotKey[]>> {
  const all = (await store.list('snapshots/')).filter(isSnapshotKey);
  const schemas = [...new Set(all.map((key) => snapshotName(key).schema))];
  return new Map(schemas.map((schema) => [schema, all.filter((key) => snapshotName(key).schema === schema)]));
}

function isSnapshotKey(key: StoreKey): key is SnapshotKey {
  return key.startsWith('snapshots/');
}
