import { describe, expect, it } from 'vitest';
import { levelOf } from '../../src/index/search-level.js';
import { byRank, rank } from '../../src/index/search-rank.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const DAY_MS = 86_400_000;
const candidate = (name: string, downloads = 0, days = 1000) => ({
  name,
  level: levelOf(downloads),
  publishedMs: NOW - days * DAY_MS,
  isPrivate: 0,
});

describe('rank()', () => {
  it.each([
    [
      'the whole name before a popular one',
      rank(candidate('tcp'), 'whole name', 3, NOW),
      rank(candidate('tcp-a', 1e6), 'name', 3, NOW),
    ],
    ['the name before the keyword', rank(candidate('a-tcp'), 'name', 3, NOW), rank(candidate('x'), 'keywords', 3, NOW)],
    [
      'the keyword before the text',
      rank(candidate('b'), 'keywords', 3, NOW),
      rank(candidate('a'), 'description', 3, NOW),
    ],
    ['the shorter name', rank(candidate('tcp-z'), 'name', 3, NOW), rank(candidate('tcp-a-b-c-d'), 'name', 3, NOW)],
    ['the popular one', rank(candidate('z', 100), 'keywords', 3, NOW), rank(candidate('a', 3), 'keywords', 3, NOW)],
    [
      'a very popular one before a name',
      rank(candidate('z', 1e6), 'keywords', 3, NOW),
      rank(candidate('tcp-a'), 'name', 3, NOW),
    ],
    ['the fresh one', rank(candidate('z', 0, 1), 'keywords', 3, NOW), rank(candidate('a', 0, 900), 'keywords', 3, NOW)],
    ['the first name of equals', rank(candidate('a'), 'keywords', 3, NOW), rank(candidate('b'), 'keywords', 3, NOW)],
  ])('puts %s first', (_what, better, worse) => {
    expect([worse, better].sort(byRank)).toEqual([better, worse]);
  });

  it('gives whole numbers, also for what was published by a clock that is ahead', () => {
    expect(Number.isSafeInteger(rank(candidate('a', 7, -3), 'name', 1, NOW).score)).toBe(true);
  });
});
