// The full-text query of a search. FTS5 reads the packages of a word in the order of their numbers and stops when it has enough, as
// long as every part of the query is a word, or a beginning of 2 or 3 letters, which are indexed. A longer beginning would be put together
// of all its words first, which takes long for common ones. So it is replaced by the words that begin so, which `search_words` knows.

import type Database from 'better-sqlite3';
import { SEARCH_LIMITS } from '../limits.js';
import {
  authorFacet,
  authorWords,
  kernelFacets,
  keywordFacet,
  permissionFacet,
  publisherFacet,
  readerFacet,
  typeFacet,
} from './search-facets.js';
import type { SearchQuery } from './search-query.js';
import { facetTerm, type WordPlace, wordTerm } from './search-terms.js';

/** Who asks: what he may see beside public packages. */
export interface SearchViewer {
  /** The opaque ids that he acts for: his own, and those of his organisations. */
  readonly ids: readonly string[];
  mayRead(name: string): boolean;
}

/** Somebody without a token. */
export const ANYBODY: SearchViewer = { ids: [], mayRead: () => false };

/** What a word is looked for as: itself or words that it begins, of which one is enough; or all words that begin so. */
export interface WordAlternatives {
  readonly words: readonly string[];
  readonly isBeginning: boolean;
}

/** Makes FTS5 queries of words and filters (https://sqlite.org/fts5.html#full_text_query_syntax). */
export class SearchMatch {
  readonly #beginnings: Database.Statement<[string, string, number], { word: string }>;

  constructor(database: Database.Database) {
    this.#beginnings = database.prepare('SELECT word FROM search_words WHERE word >= ? AND word < ? LIMIT ?');
  }

  /** All conditions but the words, which stay the same for all places. @param publishers ids of users by the author's name typed */
  filters(query: SearchQuery, publishers: ReadonlyMap<string, string>): string[] {
    return [
      ...query.types.map((type) => facets([typeFacet(type)])),
      ...query.permissions.map((permission) => facets([permissionFacet(permission)])),
      ...query.keywords.map((keyword) => facets([keywordFacet(keyword)])),
      ...query.kernels.map((kernel) => facets(kernelFacets(kernel))),
      ...query.authors.map((author) => authorCondition(author, publishers.get(author))),
    ];
  }

  /** What each word stands for: itself, or the words that it is the beginning of. */
  words(words: readonly string[]): readonly WordAlternatives[] {
    return words.map((word) => this.#alternatives(word));
  }

  #alternatives(word: string): WordAlternatives {
    const { length } = [...word];
    if (length <= 3) return { words: [word], isBeginning: length > 1 };
    const longer = this.#beginnings.all(word, `${word}\u{10ffff}`, SEARCH_LIMITS.beginnings).map((row) => row.word);
    // Those that are most like what was typed, when they are too many.
    const closest = longer.sort((a, b) => a.length - b.length).slice(0, SEARCH_LIMITS.alternatives);
    return { words: [...new Set([word, ...closest])], isBeginning: false };
  }
}

/** Packages that have all the words, each as the beginning of one of theirs, in this place. */
export function wordConditions(alternatives: readonly WordAlternatives[], place: WordPlace): string[] {
  return alternatives.map(({ words, isBeginning }) => {
    const terms = words.map((word) => quoted(wordTerm(place, word)));
    return anyOf(isBeginning ? terms.map((term) => `${term} *`) : terms);
  });
}

/** Packages that have this very word anywhere. */
export function wordCondition(word: string): string {
  return quoted(wordTerm('description', word));
}

/** All of the conditions, for packages that the viewer may see, and private ones that he owns. */
export function matchAll(conditions: readonly string[], { ids }: SearchViewer): string {
  const all = conditions.join(' AND ');
  const isPrivate = facets([readerFacet(PRIVATE)]);
  const isPublic = `(${all}) NOT ${isPrivate}`;
  return ids.length === 0 ? isPublic : `(${isPublic}) OR ((${all}) AND ${facets(ids.map(readerFacet))})`;
}

/** Every private package has it among its readers. */
export const PRIVATE = 'private';

function authorCondition(author: string, publisher: string | undefined): string {
  const words = authorWords(author).map((word) => facets([authorFacet(word)]));
  const byName = words.length === 0 ? [] : [`(${words.join(' AND ')})`];
  const byPublisher = publisher === undefined ? [] : [facets([publisherFacet(publisher)])];
  const either = [...byName, ...byPublisher];
  return either.length === 0 ? facets([NOTHING]) : `(${either.join(' OR ')})`;
}

/** A facet that no package has. */
const NOTHING = facetTerm('nothing', '');

function facets(any: readonly string[]): string {
  return anyOf(any.map(quoted));
}

function anyOf(conditions: readonly string[]): string {
  return `(${conditions.join(' OR ')})`;
}

/** Terms are a mark, letters and digits, so that there is no quote to double. */
function quoted(term: string): string {
  return `"${term}"`;
}
