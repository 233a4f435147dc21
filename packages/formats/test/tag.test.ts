import { describe, expect, test } from 'vitest';
import { isTag, parseTag } from '../src/index.js';

describe('parseTag()', () => {
  test.each(['latest', 'next', 'beta-2', 'rc.1', 'stable_1'])('parseTag() allows %j', (tag) => {
    expect(parseTag(tag)).toBe(tag);
  });

  test.each(['', 'Latest', '1', '1.0.0', 'v1', 'v1.0.0', 'x', 'x.x', 'a b', '-a', 'a/b', 'a'.repeat(65)])(
    'parseTag() refuses %j',
    (tag) => {
      expect(() => parseTag(tag)).toThrow(expect.objectContaining({ code: 'EBPM_TAG_INVALID' }));
      expect(isTag(tag)).toBe(false);
    },
  );
});
