import { parseVersion } from '@ebpm/formats';
import type Database from 'better-sqlite3';
import type { VersionState } from '../fold/package-state.js';
import type { PackageIndex } from './package-index.js';
import { searchQuery } from './search-query.js';

/** One page of packages. */
export interface SearchPage {
  /** The version that describes each package, best package first. */
  readonly results: readonly VersionState[];
  /** How many packages match, on all pages. */
  readonly total: number;
}

interface Found {
  readonly name: string;
  readonly shown: string;
}

const SHOWN = `visibility = 'public' AND taken_down IS NULL`;

/**
 * Finds packages by words. A match in the name counts most, then the keywords, then the description; a package whose whole
 * name was typed comes first. Without words, all packages in the order of their names.
 */
export class SearchIndex {
  readonly #packages: PackageIndex;
  readonly #find: Database.Statement<[Record<string, unknown>], Found>;
  readonly #count: Database.Statement<[string], { total: number }>;
  readonly #all: Database.Statement<[Record<string, unknown>], Found>;
  readonly #countAll: Database.Statement<[], { total: number }>;

  constructor(database: Database.Database, packages: PackageIndex) {
    this.#packages = packages;
    this.#find = database.prepare(`
      SELECT packages.name, shown FROM search JOIN packages ON packages.id = search.rowid
      WHERE search MATCH @query AND packages.visibility = 'public'
      ORDER BY packages.name = @text DESC, bm25(search, 10.0, 5.0, 1.0), packages.name
      LIMIT @limit OFFSET @offset`);
    this.#count = database.prepare(`
      SELECT count(*) AS total FROM search JOIN packages ON packages.id = search.rowid
      WHERE search MATCH ? AND packages.visibility = 'public'`);
    this.#all = database.prepare(`
      SELECT name, shown FROM packages WHERE ${SHOWN} ORDER BY name LIMIT @limit OFFSET @offset`);
    this.#countAll = database.prepare(`SELECT count(*) AS total FROM packages WHERE ${SHOWN}`);
  }

  /** @param text what a person typed; nothing in it has a special meaning */
  search(text: string, page: { readonly limit: number; readonly offset: number }): SearchPage {
    const query = searchQuery(text);
    if (query === undefined) return this.#page(this.#all.all({ ...page }), this.#countAll.get());
    return this.#page(this.#find.all({ query, text: text.trim().toLowerCase(), ...page }), this.#count.get(query));
  }

  #page(found: readonly Found[], count: { readonly total: number } | undefined): SearchPage {
    const results = found.map(({ name, shown }) => this.#packages.version(name, parseVersion(shown)));
    return { results: results.filter((version) => version !== undefined), total: count?.total ?? 0 };
  }
}
