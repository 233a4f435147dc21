import { parseVersion } from '@ebpm/formats';
import type Database from 'better-sqlite3';
import type { VersionState } from '../fold/package-state.js';
import { squash } from '../fold/squash.js';
import { SEARCH_LIMITS } from '../limits.js';
import type { PackageIndex } from './package-index.js';
import { SearchCorrection } from './search-correction.js';
import { formatCursor, parseCursor, type SearchCursor } from './search-cursor.js';
import {
  ANYBODY,
  matchAll,
  SearchMatch,
  type SearchViewer,
  type WordAlternatives,
  wordConditions,
} from './search-match.js';
import { isEmptyQuery, parseSearchQuery, type SearchQuery } from './search-query.js';
import { byRank, type Candidate, type MatchPlace, type Ranked, rank } from './search-rank.js';
import type { WordPlace } from './search-terms.js';

/** What is looked for. */
export interface SearchRequest {
  /** What a person typed: words and filters. */
  readonly text: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly nowMs: number;
  readonly viewer?: SearchViewer;
  /** Ids of users by the names that stand behind `author:`. */
  readonly publishers?: ReadonlyMap<string, string>;
}

/** One page of packages. */
export interface SearchPage {
  /** The version that describes each package, best package first. */
  readonly results: readonly VersionState[];
  /** How many packages match, on all pages; counted up to 1,000. */
  readonly total: number;
  /** Whether there are no more than that. */
  readonly isTotalExact: boolean;
  /** Of the next page, if there is one. */
  readonly next?: string;
  /** The words that were looked for instead, since nothing has those that were typed. */
  readonly corrected?: string;
}

interface Conditions {
  readonly words: readonly WordAlternatives[];
  readonly filters: readonly string[];
}

/** Where words are looked for before they are looked for anywhere, and how many of the most downloaded are ranked of what each finds. */
const NARROW_STAGES = [
  { place: 'name', packages: SEARCH_LIMITS.rankedByName },
  { place: 'keywords', packages: SEARCH_LIMITS.rankedByKeywords },
] as const;

/**
 * Finds packages by words and filters. A bounded number is ranked, since a common word is in half of all packages: of those that have the
 * words in their name, in name and keywords, anywhere, each the most downloaded ones. Without words and filters it
 * lists all packages in the order of their names.
 */
export class SearchIndex {
  readonly #packages: PackageIndex;
  readonly #match: SearchMatch;
  readonly #correction: SearchCorrection;
  readonly #find: Database.Statement<[string, number], Candidate>;
  readonly #findAndCount: Database.Statement<[string, number], Candidate & { readonly total: number }>;
  readonly #named: Database.Statement<[string], Candidate>;
  readonly #all: Database.Statement<[Record<string, unknown>], { name: string }>;
  readonly #countAll: Database.Statement<[], { total: number }>;

  constructor(database: Database.Database, packages: PackageIndex) {
    this.#packages = packages;
    this.#match = new SearchMatch(database);
    this.#correction = new SearchCorrection(database);
    const candidate = 'listed.name, level, published_ms AS publishedMs, is_private AS isPrivate';
    this.#find = database.prepare(`
      SELECT ${candidate} FROM search JOIN search_packages AS listed ON listed.id = search.rowid & 0xffffffff
      WHERE search MATCH ? ORDER BY search.rowid DESC LIMIT ?`);
    const most = SEARCH_LIMITS.counted + 1;
    this.#findAndCount = database.prepare(`
      WITH found AS MATERIALIZED (
        SELECT rowid AS number FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ${most})
      SELECT ${candidate}, (SELECT count(*) FROM found) AS total
      FROM found JOIN search_packages AS listed ON listed.id = found.number & 0xffffffff
      ORDER BY found.number DESC LIMIT ?`);
    this.#named = database.prepare(`
      SELECT ${candidate} FROM packages JOIN search_packages AS listed ON listed.id = packages.id
      WHERE packages.squashed = ?`);
    this.#all = database.prepare(`
      SELECT packages.name FROM packages JOIN search_packages AS listed ON listed.id = packages.id
      WHERE packages.name > @after AND NOT listed.is_private ORDER BY packages.name LIMIT @limit`);
    this.#countAll = database.prepare(`
      SELECT count(*) AS total FROM (SELECT 1 FROM search_packages WHERE NOT is_private LIMIT ${most})`);
  }

  /** @throws EBPM_SEARCH_FILTER_INVALID, EBPM_CURSOR_INVALID */
  search(request: SearchRequest): SearchPage {
    const query = parseSearchQuery(request.text);
    const cursor = request.cursor === undefined ? undefined : parseCursor(request.text, request.cursor);
    if (isEmptyQuery(query)) return this.#list(request, cursor);
    const found = this.#page(request, query, cursor);
    if (found.total > 0) return found;
    const words = this.#correction.correct(query.words);
    if (words === undefined) return found;
    const corrected = this.#page(request, { ...query, words }, cursor);
    return corrected.total > 0 ? { ...corrected, corrected: words.join(' ') } : found;
  }

  #page(request: SearchRequest, query: SearchQuery, cursor: SearchCursor | undefined): SearchPage {
    const nowMs = cursor?.nowMs ?? request.nowMs;
    const conditions = this.#conditions(request, query);
    const { ranked, total } = this.#ranked(request, query, conditions, nowMs);
    const from = cursor === undefined ? 0 : ranked.findIndex((one) => byRank(one, cursor.last) > 0);
    const page = from < 0 ? [] : ranked.slice(from, from + request.limit);
    const last = page.at(-1);
    const hasNext = last !== undefined && last !== ranked.at(-1);
    return {
      results: page.flatMap(({ name }) => this.#shown(name)),
      ...counted(total),
      ...(hasNext && { next: formatCursor(request.text, { last, nowMs }) }),
    };
  }

  /** What must hold of a package, worked out once for all stages. */
  #conditions({ publishers = new Map() }: SearchRequest, query: SearchQuery): Conditions {
    return { words: this.#match.words(query.words), filters: this.#match.filters(query, publishers) };
  }

  /** Everything that is ranked, best first, and how many packages match, up to one more than are counted. */
  #ranked(request: SearchRequest, query: SearchQuery, conditions: Conditions, nowMs: number) {
    const { viewer = ANYBODY } = request;
    const letters = query.words.join('').length;
    const found = new Map<string, Ranked>();
    const note = (candidates: readonly Candidate[], place: MatchPlace) => {
      for (const candidate of candidates) {
        const { name, isPrivate } = candidate;
        // Facets only choose candidates: what is private is asked for once more.
        if (found.has(name) || (isPrivate !== 0 && !viewer.mayRead(name))) continue;
        found.set(name, rank(candidate, place, letters, nowMs));
      }
    };
    const { words, filters } = conditions;
    if (filters.length === 0) note(this.#whole(request.text), 'whole name');
    const matchIn = (place: WordPlace) => matchAll([...wordConditions(words, place), ...filters], viewer);
    for (const { place, packages } of words.length > 0 ? NARROW_STAGES : []) {
      note(this.#find.all(matchIn(place), packages), place);
    }
    const anywhere = this.#findAndCount.all(matchIn('description'), SEARCH_LIMITS.rankedByDescription);
    note(anywhere, 'description');
    return { ranked: [...found.values()].sort(byRank), total: anywhere[0]?.total ?? 0 };
  }

  /** The package whose whole name was typed, however its parts are joined: `tcp connect` is `tcp-connect`. */
  #whole(text: string): Candidate[] {
    return this.#named.all(squash(text.trim().toLowerCase().replace(/\s+/gu, '')));
  }

  #list({ text, limit }: SearchRequest, cursor: SearchCursor | undefined): SearchPage {
    const names = this.#all.all({ after: cursor?.last.name ?? '', limit: limit + 1 }).map(({ name }) => name);
    const page = names.slice(0, limit);
    const last = page.at(-1);
    const hasNext = last !== undefined && names.length > page.length;
    return {
      results: page.flatMap((name) => this.#shown(name)),
      ...counted(this.#countAll.get()?.total ?? 0),
      ...(hasNext && { next: formatCursor(text, { last: { name: last, score: 0 }, nowMs: 0 }) }),
    };
  }

  #shown(name: string): VersionState[] {
    const shown = this.#packages.package(name)?.shown;
    const version = shown === undefined ? undefined : this.#packages.version(name, parseVersion(shown));
    return version === undefined ? [] : [version];
  }
}

function counted(total: number): Pick<SearchPage, 'total' | 'isTotalExact'> {
  return { total: Math.min(total, SEARCH_LIMITS.counted), isTotalExact: total <= SEARCH_LIMITS.counted };
}
