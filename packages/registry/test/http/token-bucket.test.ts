import { describe, expect, it } from 'vitest';
import { TokenBuckets } from '../../src/http/token-bucket.js';

describe('TokenBuckets', () => {
  it('gives a burst, then what the rate allows, to each on its own', () => {
    const buckets = new TokenBuckets({ perMinute: 60, burst: 3, watched: 10 });
    const taken = [0, 0, 0, 0, 500, 1_000, 1_000].map((nowMs) => buckets.take('a', nowMs));
    expect(taken).toEqual([undefined, undefined, undefined, 1, 1, undefined, 1]);
    expect(buckets.take('b', 1_000)).toBeUndefined();
  });

  it('says how long to wait, and looking takes nothing', () => {
    const buckets = new TokenBuckets({ perMinute: 1, burst: 1, watched: 10 });
    expect([buckets.look('a', 0), buckets.look('a', 0), buckets.take('a', 0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([buckets.look('a', 0), buckets.take('a', 30_000)]).toEqual([60, 30]);
  });

  it('forgets who has been quiet the longest when there are too many', () => {
    const buckets = new TokenBuckets({ perMinute: 1, burst: 1, watched: 2 });
    for (const who of ['a', 'b', 'a', 'c']) buckets.take(who, 0);
    expect(['a', 'c'].map((who) => buckets.look(who, 0))).toEqual([60, 60]);
    expect(buckets.look('b', 0)).toBeUndefined();
  });
});
