import type Database from 'better-sqlite3';
import { SEARCH_LIMITS } from '../limits.js';
import { wordCondition } from './search-match.js';

/** What may stand in a word that was mistyped. Other alphabets are searched as they are typed. */
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz0123456789'];

/** Finds what was meant by a word that no package has: one letter more, less, other, or two that changed places. */
export class SearchCorrection {
  readonly #begins: Database.Statement<[string, string], unknown>;
  readonly #known: Database.Statement<[string], { word: string }>;
  readonly #use: Database.Statement<[string], { packages: number }>;

  constructor(database: Database.Database) {
    this.#begins = database.prepare('SELECT 1 FROM search_words WHERE word >= ? AND word < ? LIMIT 1');
    this.#known = database.prepare('SELECT word FROM search_words WHERE word IN (SELECT value FROM json_each(?))');
    this.#use = database.prepare(`
      SELECT count(*) AS packages FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ${SEARCH_LIMITS.usesCounted})`);
  }

  /** The words with those replaced that were mistyped; undefined when none was, or nothing is near. */
  correct(words: readonly string[]): string[] | undefined {
    const corrected = words.map((word) => (this.#isKnown(word) ? word : (this.#nearest(word) ?? word)));
    return corrected.some((word, i) => word !== words[i]) ? corrected : undefined;
  }

  #isKnown(word: string): boolean {
    return this.#begins.get(word, `${word}\u{10ffff}`) !== undefined;
  }

  /** Of several, the one that most packages have. */
  #nearest(word: string): string | undefined {
    if (word.length < SEARCH_LIMITS.correctedLength.least || word.length > SEARCH_LIMITS.correctedLength.most)
      return undefined;
    const found = this.#known.all(JSON.stringify(oneEditFrom(word))).map((row) => row.word);
    const used = found
      .slice(0, SEARCH_LIMITS.corrections)
      .map((near) => ({ near, uses: this.#use.get(wordCondition(near))?.packages ?? 0 }));
    return used.filter(({ uses }) => uses > 0).sort((a, b) => b.uses - a.uses)[0]?.near;
  }
}

/** All texts at a distance of one edit, transpositions included (Damerau 1964). */
export function oneEditFrom(word: string): string[] {
  const edits = new Set<string>();
  for (let at = 0; at <= word.length; at++) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    for (const letter of LETTERS) edits.add(before + letter + after);
    if (after === '') continue;
    edits.add(before + after.slice(1));
    for (const letter of LETTERS) edits.add(before + letter + after.slice(1));
    if (after.length > 1) edits.add(before + after.charAt(1) + after.charAt(0) + after.slice(2));
  }
  edits.delete(word);
  return [...edits];
}
