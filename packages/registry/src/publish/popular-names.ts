import type Database from 'better-sqlite3';
import type { Clock } from '../clock.js';
import { LEVEL_STEP, levelOf } from '../index/search-level.js';
import { NAME_LIMITS } from '../limits.js';
import { WELL_KNOWN_NAMES } from './well-known-names.js';

/**
 * Names that people type from memory, so that names a slip away from them are refused: well-known tools, and packages of this registry that
 * are downloaded often. Which ones these are is looked up before something is written; the log's rules know nothing of it, so that
 * processes which have seen other downloads still fold the same log to the same packages.
 */
export class PopularNames {
  readonly #clock: Clock;
  readonly #names: Database.Statement<[number, number], { name: string }>;
  #all: readonly string[] = WELL_KNOWN_NAMES;
  #lookedUpMs = Number.NEGATIVE_INFINITY;

  constructor(database: Database.Database, clock: Clock) {
    this.#clock = clock;
    // A row of search has its package's level and number, see SEARCH_TABLES.
    this.#names = database.prepare(`
      SELECT packages.name FROM search JOIN packages ON packages.id = search.rowid % ${LEVEL_STEP}
      WHERE search.rowid >= ? ORDER BY search.rowid DESC LIMIT ?`);
  }

  /** All of them, those in scopes left out; up to a minute old. */
  all(): readonly string[] {
    const nowMs = this.#clock.elapsedMs();
    if (nowMs - this.#lookedUpMs < NAME_LIMITS.freshMs) return this.#all;
    this.#lookedUpMs = nowMs;
    const { popularDownloads, popularNames } = NAME_LIMITS;
    const rows = this.#names.all(levelOf(popularDownloads) * LEVEL_STEP, popularNames);
    const often = rows.map(({ name }) => name).filter((name) => !name.startsWith('@'));
    this.#all = [...new Set([...WELL_KNOWN_NAMES, ...often])];
    return this.#all;
  }
}
