import type Database from 'better-sqlite3';
import { type FacetSource, facetsOf } from './search-facets.js';
import { LEVEL_STEP } from './search-level.js';
import { SEARCH_TABLE_NAMES } from './search-schema.js';
import { wordTerms } from './search-terms.js';
import { searchWords } from './search-words.js';

/** A package as search shows it. */
export interface SearchablePackage extends FacetSource {
  readonly name: string;
  readonly isPrivate: boolean;
  /** RFC 3339: when the version that is shown was published. */
  readonly publishedAt: string;
}

/** What search shows of a package from now on. */
export interface SearchChange {
  /** Its number in `packages`. */
  readonly id: number;
  /** Undefined: nothing. */
  readonly shown: SearchablePackage | undefined;
  /** Of its downloads; by default the one that it had. */
  readonly level?: number | undefined;
}

/** Words that were written lately and need not be written again: those of a registry's everyday language. */
const KNOWN_WORDS = 50_000;

/** Keeps the tables of search. To be called inside the transaction that changes the packages. */
export class SearchWriter {
  readonly #get: Database.Statement<[number], { level: number }>;
  readonly #put: Database.Statement<[Record<string, unknown>], unknown>;
  readonly #forget: Database.Statement<[number], unknown>;
  readonly #putTerms: Database.Statement<[number, string], unknown>;
  readonly #forgetTerms: Database.Statement<[number], unknown>;
  readonly #putWord: Database.Statement<[string], unknown>;
  readonly #clear: readonly Database.Statement<[], unknown>[];
  readonly #known = new Set<string>();

  constructor(database: Database.Database) {
    this.#get = database.prepare('SELECT level FROM search_packages WHERE id = ?');
    this.#put = database.prepare(`
      INSERT OR REPLACE INTO search_packages VALUES (@id, @name, @level, @publishedMs, @isPrivate)`);
    this.#forget = database.prepare('DELETE FROM search_packages WHERE id = ?');
    this.#putTerms = database.prepare('INSERT INTO search (rowid, terms) VALUES (?, ?)');
    this.#forgetTerms = database.prepare('DELETE FROM search WHERE rowid = ?');
    this.#putWord = database.prepare('INSERT OR IGNORE INTO search_words VALUES (?)');
    this.#clear = SEARCH_TABLE_NAMES.map((table) => database.prepare(`DELETE FROM ${table}`));
  }

  /** Writes packages, or takes them out of all results. */
  write(changes: readonly SearchChange[]): void {
    const rows = changes.map((change) => ({ ...change, level: this.#forgetTermsOf(change.id, change.level) }));
    // FTS5 gathers rows as long as their numbers go up, and stores what it has at each step back.
    for (const { id, shown, level } of rows.sort((a, b) => a.level - b.level || a.id - b.id)) {
      if (shown === undefined) this.#forget.run(id);
      else this.#putRow(id, shown, level);
    }
  }

  /** The level that a package has now; undefined when it is in no result. */
  levelOf(id: number): number | undefined {
    return this.#get.get(id)?.level;
  }

  /** Forgets everything. */
  clear(): void {
    for (const statement of this.#clear) statement.run();
    this.#known.clear();
  }

  /** @returns the level of the row that takes its place */
  #forgetTermsOf(id: number, level: number | undefined): number {
    const before = this.levelOf(id);
    if (before !== undefined) this.#forgetTerms.run(rowNumber(before, id));
    return level ?? before ?? 0;
  }

  #putRow(id: number, shown: SearchablePackage, level: number): void {
    const { name, isPrivate, publishedAt, manifest } = shown;
    this.#put.run({ id, name, level, publishedMs: Date.parse(publishedAt), isPrivate: isPrivate ? 1 : 0 });
    const words = {
      name: wordsIn(name),
      keywords: wordsIn(manifest['keywords']),
      description: wordsIn(manifest['description']),
    };
    this.#putTerms.run(rowNumber(level, id), [...wordTerms(words), ...facetsOf(shown)].join(' '));
    // A private package's words would be seen by everybody who makes a typing error.
    if (!isPrivate) for (const word of Object.values(words).flat()) this.#note(word);
  }

  #note(word: string): void {
    if (this.#known.has(word)) return;
    if (this.#known.size >= KNOWN_WORDS) this.#known.clear();
    this.#known.add(word);
    this.#putWord.run(word);
  }
}

/** The number of a package's row: see `SEARCH_TABLES`. */
function rowNumber(level: number, id: number): number {
  return level * LEVEL_STEP + id;
}

/** The words of the texts in a field: the log is older than any schema that it passed. */
function wordsIn(value: unknown): string[] {
  return [value].flat().flatMap((item) => (typeof item === 'string' ? searchWords(item) : []));
}
