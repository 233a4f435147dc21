import { INDEXED_BEGINNINGS } from './search-terms.js';

/**
 * The tables of search. `search` holds terms that were made here already (`search-terms.ts`), so its tokenizer has only blanks to cut
 * at, and nothing is stored but which packages have a term. A row's number is `level * 2^32 + package id`: read from the highest down,
 * it gives the most downloaded first, the newest first among equals, so that a bounded number of rows are the best ones.
 * `search_words` has every word that a public package has, or had: what is suggested is looked for before anybody sees it.
 */
export const SEARCH_TABLES = `
  CREATE VIRTUAL TABLE search USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '${INDEXED_BEGINNINGS}'
  );

  CREATE TABLE search_packages (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    level INTEGER NOT NULL,
    published_ms INTEGER NOT NULL,
    is_private INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE search_words (word TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
`;

/** What `SearchWriter.clear` empties. */
export const SEARCH_TABLE_NAMES = ['search', 'search_packages', 'search_words'] as const;
