/// <reference path="./better-sqlite3-napi.d.ts" />
import { EbpmError } from '@ebpm/formats';
import type Database from 'better-sqlite3';

/** The first Node that loads better-sqlite3 13. */
const NODE_API_SINCE = 22;

/**
 * SQLite, by the release of better-sqlite3 that fits this Node. Release 13 is for Node 22 and newer, through Node-API. Release 12 is compiled
 * for one Node, and from Node 24.19 on a statement of it that is garbage-collected ends the process.
 */
export const Sqlite: typeof Database = (
  hasNodeApi() ? await import('better-sqlite3-napi') : await import('better-sqlite3')
).default;

/**
 * Opens a file of tables; '' is a temporary one.
 * @throws EBPM_SQLITE_UNUSABLE when the compiled part of better-sqlite3, which is loaded with the first file, cannot be
 */
export function openSqlite(path: string, options?: Database.Options): Database.Database {
  try {
    return new Sqlite(path, options);
  } catch (cause) {
    if (!isLoadFailure(cause)) throw cause;
    const name = hasNodeApi() ? 'better-sqlite3-napi' : 'better-sqlite3';
    const message = `Cannot open SQLite: the compiled part of "${name}" is missing, or made for another Node or machine`;
    throw new EbpmError('EBPM_SQLITE_UNUSABLE', message, {
      cause,
      hint: `Type in the folder that holds node_modules: npm rebuild ${name}`,
    });
  }
}

function hasNodeApi(): boolean {
  return Number.parseInt(process.versions.node, 10) >= NODE_API_SINCE;
}

/** The package `bindings` has no code for what it did not find, only the paths that it tried. */
function isLoadFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    'tries' in error || ('code' in error && ['MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'].includes(String(error.code)))
  );
}
