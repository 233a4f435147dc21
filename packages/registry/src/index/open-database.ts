import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import type Database from 'better-sqlite3';
import { makeDirectories } from '../make-directories.js';
import { openSqlite, Sqlite } from '../sqlite.js';
import { SCHEMA, TABLES } from './schema.js';

/** SQLite's name for a database in a temporary file that has no name and goes with its process. */
const TEMPORARY = '';

/**
 * Opens the local tables of a replica.
 * @param directory keeps them between starts (made with mode 0700); without it they are temporary and folded anew
 * @throws EBPM_REGISTRY_DATA_BUSY when another process has the directory
 */
export function openDatabase(directory: string | undefined): Database.Database {
  if (directory === undefined) return prepare(openSqlite(TEMPORARY));
  makeDirectories(directory, 0o700);
  const path = join(directory, 'registry.db');
  try {
    // Whoever has the file keeps it until it ends: there is nothing to wait for.
    const kept = prepare(openSqlite(path, { timeout: 0 }));
    if (kept.pragma('user_version', { simple: true }) === SCHEMA) return kept;
    kept.close();
  } catch (cause) {
    if (isBusy(cause)) throw busyError(directory, cause);
    if (!isDamaged(cause)) throw cause;
  }
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  return prepare(openSqlite(path));
}

/**
 * Opens tables that were unpacked into a file, and takes the file's name away: they are gone with the process, however it ends.
 */
export function openUnnamedDatabase(path: string): Database.Database {
  const database = openSqlite(path);
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    // No file beside it: what is opened by name later would not be found any more.
    database.pragma('journal_mode = MEMORY');
    database.pragma('synchronous = OFF');
    database.pragma('secure_delete = ON');
    // The first write takes the lock, which is then kept: nothing looks at the file's name again.
    database.pragma(`user_version = ${SCHEMA}`);
    rmSync(path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** 64 MiB of pages: with SQLite's 2 MiB, a fold of many packages reads most pages anew for each. */
const CACHE_KIB = 64 * 1024;

/** The file is for one process, and a crash may cost its last transactions: the log has them. */
function prepare(database: Database.Database): Database.Database {
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    // What was taken down is not to be found in unused pages either.
    database.pragma('secure_delete = ON');
    database.pragma(`cache_size = -${CACHE_KIB}`);
    database
      .transaction(() => {
        if (!isEmpty(database)) return;
        database.exec(TABLES);
        database.pragma(`user_version = ${SCHEMA}`);
      })
      .exclusive();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isEmpty(database: Database.Database): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
}

function busyError(directory: string, cause: unknown): EbpmError {
  return new EbpmError('EBPM_REGISTRY_DATA_BUSY', `Cannot open "${directory}": another process uses it`, {
    cause,
    hint: 'give each ebpm-registry its own --data directory',
  });
}

function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Such a file is not worth an error: everything in it comes from the log. */
function isDamaged(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && ['SQLITE_CORRUPT', 'SQLITE_NOTADB'].includes(error.code);
}
