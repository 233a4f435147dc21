import type Database from 'better-sqlite3';
import { inTransaction } from '../index/in-transaction.js';
import type { StatsKey } from '../stores/keys.js';
import type { DownloadCounts } from './stats-file.js';

/** How often something was downloaded on a day. */
export interface DayCount {
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly count: number;
}

/** The counts of all replicas, in SQLite. */
export class DownloadIndex {
  readonly #database: Database.Database;
  readonly #hasFile: Database.Statement<[string], unknown>;
  readonly #putFile: Database.Statement<[string, number], unknown>;
  readonly #forgetFiles: Database.Statement<[number], unknown>;
  readonly #add: Database.Statement<[string, number, string, number], unknown>;
  readonly #namesOfDay: Database.Statement<[number], { name: string }>;
  readonly #forgetDay: Database.Statement<[number], unknown>;
  readonly #since: Database.Statement<[string, number], { count: number }>;
  readonly #days: Database.Statement<[string, number], DayCount>;
  readonly #versions: Database.Statement<[string], { version: string; count: number }>;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#hasFile = database.prepare('SELECT 1 FROM download_files WHERE key = ?');
    this.#putFile = database.prepare('INSERT OR IGNORE INTO download_files VALUES (?, ?)');
    this.#forgetFiles = database.prepare('DELETE FROM download_files WHERE day = ?');
    this.#add = database.prepare(`
      INSERT INTO downloads VALUES (?, ?, ?, ?)
      ON CONFLICT (name, day, version) DO UPDATE SET count = count + excluded.count`);
    this.#namesOfDay = database.prepare('SELECT DISTINCT name FROM downloads WHERE day = ?');
    this.#forgetDay = database.prepare('DELETE FROM downloads WHERE day = ?');
    this.#since = database.prepare(
      'SELECT coalesce(sum(count), 0) AS count FROM downloads WHERE name = ? AND day >= ?',
    );
    this.#days = database.prepare(
      'SELECT day, sum(count) AS count FROM downloads WHERE name = ? AND day >= ? GROUP BY day ORDER BY day',
    );
    this.#versions = database.prepare(
      'SELECT version, sum(count) AS count FROM downloads WHERE name = ? GROUP BY version',
    );
  }

  /** Whether the file has been added. */
  has(key: StatsKey): boolean {
    return this.#hasFile.get(key) !== undefined;
  }

  /** Adds a file's counts, once. @param covered other files that its counts contain */
  add(key: StatsKey, day: number, counts: DownloadCounts, covered: readonly StatsKey[] = []): void {
    inTransaction(this.#database, () => {
      if (this.has(key)) return;
      for (const file of [key, ...covered]) this.#putFile.run(file, day);
      for (const [name, versions] of counts) {
        for (const [version, count] of versions) this.#add.run(name, day, version, count);
      }
    });
  }

  /** Forgets a day, so that its files can be added anew. @returns the packages that were downloaded on it */
  forget(day: number): string[] {
    const names = this.namesOf(day);
    inTransaction(this.#database, () => {
      this.#forgetDay.run(day);
      this.#forgetFiles.run(day);
    });
    return names;
  }

  /** The packages that were downloaded on a day. */
  namesOf(day: number): string[] {
    return this.#namesOfDay.all(day).map(({ name }) => name);
  }

  /** Downloads of a package since a day, that day included; 0 for all. */
  since(name: string, day: number): number {
    return this.#since.get(name, day)?.count ?? 0;
  }

  /** The days since a day on which the package was downloaded. */
  days(name: string, day: number): DayCount[] {
    return this.#days.all(name, day);
  }

  /** Downloads of each version, of all time. */
  versions(name: string): ReadonlyMap<string, number> {
    return new Map(this.#versions.all(name).map(({ version, count }) => [version, count]));
  }
}
