import type Database from 'better-sqlite3';
import { type FacetSource, facetsOf } from './search-facets.js';
import { LEVEL_STEP } from './search-level.js';
import { SEARCH_TABLE_NAMES } from './search-schema.js';
import { searchWords } from './search-words.js';

/** A package as search shows it. */
export interface SearchablePackage extends FacetSource {
  /** Its number in `packages`. */
  readonly id: number;
  readonly name: string;
  readonly isPrivate: boolean;
  /** RFC 3339: when the version that is shown was published. */
  readonly publishedAt: string;
}

/** Words that were written lately and need not be written again: those of a registry's everyday language. */
const KNOWN_WORDS = 50_000;

/** Keeps the tables of search. To be called inside the transaction that changes the packages. */
export class SearchWriter {
  readonly #get: Database.Statement<[number], { level: number }>;
  readonly #put: Database.Statement<[Record<string, unknown>], unknown>;
  readonly #forget: Database.Statement<[number], unknown>;
  readonly #putText: Database.Statement<[number, string, string, string, string], unknown>;
  readonly #forgetText: Database.Statement<[number], unknown>;
  readonly #putWord: Database.Statement<[string], unknown>;
  readonly #clear: readonly Database.Statement<[], unknown>[];
  readonly #known = new Set<string>();

  constructor(database: Database.Database) {
    this.#get = database.prepare('SELECT level FROM search_packages WHERE id = ?');
    this.#put = database.prepare(`
      INSERT OR REPLACE INTO search_packages VALUES (@id, @name, @level, @publishedMs, @isPrivate)`);
    this.#forget = database.prepare('DELETE FROM search_packages WHERE id = ?');
    this.#putText = database.prepare(`
      INSERT INTO search (rowid, name, keywords, description, facets) VALUES (?, ?, ?, ?, ?)`);
    this.#forgetText = database.prepare('DELETE FROM search WHERE rowid = ?');
    this.#putWord = database.prepare('INSERT OR IGNORE INTO search_words VALUES (?)');
    this.#clear = SEARCH_TABLE_NAMES.map((table) => database.prepare(`DELETE FROM ${table}`));
  }

  /** Writes a package, or writes it anew. @param level of its downloads; by default the one that it had */
  put(entry: SearchablePackage, level?: number): void {
    const { id, name, isPrivate, publishedAt, manifest } = entry;
    const before = this.levelOf(id);
    if (before !== undefined) this.#forgetText.run(before * LEVEL_STEP + id);
    const after = level ?? before ?? 0;
    const publishedMs = Date.parse(publishedAt);
    this.#put.run({ id, name, level: after, publishedMs, isPrivate: isPrivate ? 1 : 0 });
    const texts = [name, manifest['keywords'], manifest['description']].map(wordsIn);
    const [names = [], keywords = [], description = []] = texts;
    const facets = facetsOf(entry).join(' ');
    this.#putText.run(after * LEVEL_STEP + id, names.join(' '), keywords.join(' '), description.join(' '), facets);
    // A private package's words would be seen by everybody who makes a typing error.
    if (!isPrivate) for (const word of texts.flat()) this.#note(word);
  }

  /** The level that a package has now; undefined when it is in no result. */
  levelOf(id: number): number | undefined {
    return this.#get.get(id)?.level;
  }

  /** Takes a package out of all results. */
  remove(id: number): void {
    const level = this.levelOf(id);
    if (level === undefined) return;
    this.#forgetText.run(level * LEVEL_STEP + id);
    this.#forget.run(id);
  }

  /** Forgets everything. */
  clear(): void {
    for (const statement of this.#clear) statement.run();
    this.#known.clear();
  }

  #note(word: string): void {
    if (this.#known.has(word)) return;
    if (this.#known.size >= KNOWN_WORDS) this.#known.clear();
    this.#known.add(word);
    this.#putWord.run(word);
  }
}

/** The words of the texts in a field: the log is older than any schema that it passed. */
function wordsIn(value: unknown): string[] {
  return [value].flat().flatMap((item) => (typeof item === 'string' ? searchWords(item) : []));
}
