import { SEARCH_LIMITS } from '../limits.js';

/**
 * What a person typed, as an FTS5 query: every word must begin a word of the package. Only letters and digits get
 * through, each word quoted, so that nothing typed can be FTS5 syntax (https://sqlite.org/fts5.html#full_text_query_syntax).
 * @returns undefined when there is nothing to look for
 */
export function searchQuery(text: string): string | undefined {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  if (words.length === 0) return undefined;
  return words
    .slice(0, SEARCH_LIMITS.words)
    .map((word) => `"${word}"*`)
    .join(' ');
}
