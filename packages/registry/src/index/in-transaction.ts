import type Database from 'better-sqlite3';
import { StoreError } from '../stores/store-error.js';

/**
 * Makes changes of the tables together, or none of them.
 * @throws StoreError when the disk that holds the tables is full or fails: nothing was changed, and it can be tried again
 */
export function inTransaction<T>(database: Database.Database, change: () => T): T {
  try {
    return database.transaction(change)();
  } catch (cause) {
    if (!(cause instanceof Error) || !isDiskFailure(cause)) throw cause;
    throw new StoreError('ambiguous', `Cannot write the index: ${cause.message}`, {
      cause,
      hint: 'Make room on the disk that holds it; it goes on by itself',
    });
  }
}

/** https://www.sqlite.org/rescode.html: SQLITE_FULL, and SQLITE_IOERR with what stands behind it. */
function isDiskFailure(error: Error): boolean {
  return 'code' in error && /^SQLITE_(?:FULL|IOERR)/.test(String(error.code));
}
