import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LargeKey, LogKey, StoreKey } from '../../src/stores/keys.js';
import type { Store } from '../../src/stores/store.js';

/** Puts other bytes under a key, as a broken disk or somebody with access to the store could. */
export async function overwrite(
  store: Store,
  key: StoreKey,
  change: (text: string) => string,
  folder: string,
): Promise<void> {
  const bytes = Buffer.from(change(Buffer.from((await store.get(key)) ?? []).toString('latin1')), 'latin1');
  if (!/^(segments|snapshots)\//.test(key)) return store.overwriteEntry(key as LogKey, bytes);
  writeFileSync(join(folder, 'overwrite'), bytes);
  return store.putFile(key as LargeKey, join(folder, 'overwrite'));
}
