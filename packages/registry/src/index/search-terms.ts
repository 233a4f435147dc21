// Terms of the full-text index. It knows no columns: where a word stands is a mark before it, and each place holds what the better ones
// hold too, so that a question about names reads short lists, and none is read to be thrown away for its column. Marks are no letters
// and no digits, so that no word of anybody's has one. All facets begin with the same four, so that the index of prefixes stays small.
//
//   ¶tcp            a package that has "tcp" in its name
//   ·tcp            in its name or keywords
//   ×tcp            in its name, keywords or description
//   §§§§type786470  a facet: the kind, and the value in hex

/** Where words are looked for, each place with the ones before it. */
export type WordPlace = 'name' | 'keywords' | 'description';

const MARKS: Readonly<Record<WordPlace, string>> = { name: '¶', keywords: '·', description: '×' };

/** Lengths of the beginnings that are indexed as if they were words: 2 and 3 letters, with the mark. */
export const INDEXED_BEGINNINGS = '3 4';

/** The words of a package, by where they stand. */
export type PlacedWords = Readonly<Record<WordPlace, readonly string[]>>;

/** The term of a word. */
export function wordTerm(place: WordPlace, word: string): string {
  return MARKS[place] + word;
}

/** The term of a facet. */
export function facetTerm(kind: string, value: string): string {
  return `§§§§${kind}${Buffer.from(value).toString('hex')}`;
}

/** All terms of some words. */
export function wordTerms({ name, keywords, description }: PlacedWords): string[] {
  const inKeywords = [...name, ...keywords];
  return [
    ...name.map((word) => wordTerm('name', word)),
    ...inKeywords.map((word) => wordTerm('keywords', word)),
    ...[...inKeywords, ...description].map((word) => wordTerm('description', word)),
  ];
}
