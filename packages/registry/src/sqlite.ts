/// <reference path="./better-sqlite3-napi.d.ts" />
import type Database from 'better-sqlite3';

/** The first Node that loads better-sqlite3 13. */
const NODE_API_SINCE = 22;

/**
 * SQLite, by the release of better-sqlite3 that fits this Node. Release 13 is for Node 22 and newer, through Node-API. Release 12 is compiled
 * for one Node, and from Node 24.19 on a statement of it that is garbage-collected ends the process.
 */
export const Sqlite: typeof Database = (
  Number.parseInt(process.versions.node, 10) >= NODE_API_SINCE
    ? await import('better-sqlite3-napi')
    : await import('better-sqlite3')
).default;
