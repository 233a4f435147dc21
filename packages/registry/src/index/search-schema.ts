/**
 * The tables of search. `search` holds words that were split and folded here already (`searchWords`), so its tokenizer has only blanks
 * to cut at, and nothing but the inverted index is stored. A row's number is `level * 2^32 + package id`: read from the highest down,
 * it gives the most downloaded first, the newest first among equals, so that a bounded number of rows are the best ones.
 * `search_words` has every word that a public package has, or had: what is suggested is looked for before anybody sees it.
 */
export const SEARCH_TABLES = `
  CREATE VIRTUAL TABLE search USING fts5 (
    name, keywords, description, facets,
    content = '', contentless_delete = 1, detail = column, tokenize = 'ascii', prefix = '2 3'
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
