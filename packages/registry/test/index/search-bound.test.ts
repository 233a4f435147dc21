import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { squash } from '../../src/fold/squash.js';
import { levelOf } from '../../src/index/search-level.js';
import { byRank, type MatchPlace, rank } from '../../src/index/search-rank.js';
import { searchWords } from '../../src/index/search-words.js';
import { SEARCH_LIMITS } from '../../src/limits.js';
import { NOW, type Sample, SearchWorld } from './search-world.js';

const PUBLISHED_MS = NOW - 86_400_000 + 2_000;
const WORDS = ['tcp', 'tcptop', 'trace', 'tracer', 'net', 'x', 'file', 'files'] as const;
const SECTIONS = ['xdp', 'kprobe', 'tc'] as const;

const world = new SearchWorld();
afterEach(() => world.close());

interface Used extends Sample {
  readonly words: Readonly<Record<'name' | 'keywords' | 'description', readonly string[]>>;
  readonly minor: number;
  readonly section: string;
  readonly downloads: number;
}

const someWords = (maxLength: number) => fc.array(fc.constantFrom(...WORDS), { maxLength });
const somePackage: fc.Arbitrary<Omit<Used, 'name'>> = fc
  .record({
    words: fc.record({ name: someWords(3), keywords: someWords(2), description: someWords(3) }),
    minor: fc.nat(20),
    section: fc.constantFrom(...SECTIONS),
    downloads: fc.constantFrom(0, 0, 1, 10, 1_000),
  })
  .map((made) => ({
    ...made,
    manifest: {
      keywords: [...made.words.keywords],
      description: made.words.description.join(' '),
      kernel: `>=5.${made.minor}`,
    },
    sections: [made.section],
  }));
const somePackages = fc
  .array(somePackage, { minLength: 1, maxLength: 40 })
  .map((made) => made.map((one, i) => ({ ...one, name: [...one.words.name, `p${i}`].join('-') })));
const someQuery = fc.record({
  words: fc.array(fc.constantFrom(...WORDS, 'tr', 'fil', 'p1', 'nothing'), { maxLength: 3 }),
  section: fc.option(fc.constantFrom(...SECTIONS), { nil: undefined }),
  minor: fc.option(fc.nat(20), { nil: undefined }),
});
type Query = typeof someQuery extends fc.Arbitrary<infer T> ? T : never;

/** What a search should find, by looking at every package. */
function fullRanking(samples: readonly Used[], { words, section, minor }: Query): string[] {
  const hasFilters = section !== undefined || minor !== undefined;
  const ranked = samples.flatMap(({ name, words: own, downloads, ...sample }) => {
    if (section !== undefined && section !== sample.section) return [];
    if (minor !== undefined && minor < sample.minor) return [];
    const inName = searchWords(name);
    const inKeywords = [...inName, ...own.keywords];
    const has = (texts: readonly string[]) =>
      words.every((word) => texts.some((text) => (word.length > 1 ? text.startsWith(word) : text === word)));
    const isWhole = !hasFilters && squash(name) === squash(words.join(''));
    const places: readonly (readonly [MatchPlace, boolean])[] = [
      ['whole name', isWhole],
      ['name', words.length > 0 && has(inName)],
      ['keywords', words.length > 0 && has(inKeywords)],
      ['description', has([...inKeywords, ...own.description])],
    ];
    const place = places.find(([, isFound]) => isFound)?.[0];
    const candidate = { name, level: levelOf(downloads), publishedMs: PUBLISHED_MS, isPrivate: 0 };
    return place === undefined ? [] : [rank(candidate, place, words.join('').length, NOW)];
  });
  return ranked.sort(byRank).map(({ name }) => name);
}

function textOf({ words, section, minor }: Query): string {
  const filters = [section && `type:${section}`, minor !== undefined && `kernel:<=5.${minor}`];
  return [...words, ...filters].filter((part) => typeof part === 'string').join(' ');
}

describe('SearchIndex', () => {
  it('finds and ranks what looking at every package finds, as long as they are few', () => {
    fc.assert(
      fc.property(somePackages, fc.array(someQuery, { minLength: 5, maxLength: 10 }), (samples, queries) => {
        const { page, packages } = world.indexOf(...samples);
        packages.putLevels(samples.map(({ name, downloads }) => [name, levelOf(downloads)]));
        for (const query of queries) {
          const text = textOf(query);
          const { results, total, corrected } = page(text);
          if (text === '' || corrected !== undefined) continue;
          const wanted = fullRanking(samples, query);
          expect([text, results.map(({ name }) => name)]).toEqual([text, wanted]);
          expect(total).toBe(wanted.length);
        }
        world.close();
      }),
      { numRuns: 30 },
    );
  });

  it('gives the best packages of a common word, of which it ranks some only', () => {
    const count = 3 * SEARCH_LIMITS.rankedByName;
    const samples = Array.from({ length: count }, (_, i) => ({ name: `trace-${String(i).padStart(4, '0')}` }));
    const { page, packages } = world.indexOf(...samples);
    // No order that the packages were published in.
    const levels = new Map(samples.map(({ name }, i) => [name, (i * 7_919) % 1_009]));
    packages.putLevels(levels);
    const wanted = samples
      .map(({ name }) =>
        rank({ name, level: levels.get(name) ?? 0, publishedMs: PUBLISHED_MS, isPrivate: 0 }, 'name', 5, NOW),
      )
      .sort(byRank)
      .map(({ name }) => name);
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const { results, next } = page('trace', { cursor });
      seen.push(...results.map(({ name }) => name));
      if (next === undefined) break;
      cursor = next;
    }
    expect(seen).toEqual(wanted.slice(0, seen.length));
    expect(seen).toHaveLength(SEARCH_LIMITS.rankedByName);
  });
});
