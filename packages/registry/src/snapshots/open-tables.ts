import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { openDatabase, openUnnamedDatabase } from '../index/open-database.js';
import { PositionIndex } from '../index/position-index.js';
import type { Store } from '../stores/store.js';
import { restoreSnapshot } from './restore-snapshot.js';

/** Where the tables are, and what fills them. */
export interface OpenTablesOptions {
  readonly store: Store;
  /** Keeps them between starts; without it they are gone with the process. */
  readonly data: string | undefined;
  readonly onWarning: (message: string) => void;
}

/**
 * Opens the tables of a replica. Where there are none yet they come from the newest sound snapshot, else they are empty, for
 * the log to be folded into.
 * @throws EBPM_REGISTRY_DATA_BUSY, EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
 */
export async function openTables({ store, data, onWarning }: OpenTablesOptions): Promise<Database.Database> {
  const kept = data === undefined ? undefined : openDatabase(data);
  if (kept !== undefined && new PositionIndex(kept, 'log').get() !== undefined) return kept;
  const folder = mkdtempSync(join(data ?? tmpdir(), 'ebpm-tables-'));
  try {
    const path = join(folder, 'registry.db');
    const key = await restoreSnapshot({
      store,
      path,
      onUnsound: (unsound, reason) => onWarning(`Cannot start from "${unsound}": ${reason}`),
    });
    if (key === undefined) return kept ?? openDatabase(undefined);
    if (data === undefined) return openUnnamedDatabase(path);
    return replace(kept, path, data);
  } catch (error) {
    kept?.close();
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts the unpacked tables in the place of the empty ones. */
function replace(empty: Database.Database | undefined, path: string, data: string): Database.Database {
  empty?.close();
  for (const suffix of ['-wal', '-shm']) rmSync(join(data, `registry.db${suffix}`), { force: true });
  renameSync(path, join(data, 'registry.db'));
  return openDatabase(data);
}
