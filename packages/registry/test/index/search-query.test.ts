import { describe, expect, it } from 'vitest';
import { parseSearchQuery } from '../../src/index/search-query.js';
import { refused } from '../refused.js';

describe('parseSearchQuery()', () => {
  it('tells words from filters', () => {
    expect(parseSearchQuery(' Ü-net  TYPE:XDP kernel:<=5.10 kernel:6.1 author:Jane keyword:a:b name:x ')).toEqual({
      words: ['u', 'net', 'name', 'x'],
      types: ['xdp'],
      permissions: [],
      kernels: [
        { major: 5, minor: 10 },
        { major: 6, minor: 1 },
      ],
      authors: ['Jane'],
      keywords: ['a:b'],
    });
  });

  it.each(['type:', 'type:nonsense', 'type:x"y', 'kernel:', 'kernel:>5.1', 'kernel:<=five', 'author:', 'keyword:'])(
    'refuses %s',
    (text) => {
      expect(() => parseSearchQuery(text)).toThrow(refused('EBPM_SEARCH_FILTER_INVALID', `"${text}"`) as Error);
    },
  );

  it('takes classes of permissions, and refuses what is none', () => {
    expect(parseSearchQuery('permission:Sends-Signals').permissions).toEqual(['sends-signals']);
    const error = refused('EBPM_SEARCH_FILTER_INVALID', 'no such class of permissions');
    expect(() => parseSearchQuery('permission:network')).toThrow(error as Error);
  });

  it('looks at a bounded number of words and filters', () => {
    const text = Array.from({ length: 90 }, (_, i) => `w${i} keyword:k${i}`).join(' ');
    const { words, keywords } = parseSearchQuery(text);
    expect([words.length, keywords.length]).toEqual([8, 8]);
  });
});
