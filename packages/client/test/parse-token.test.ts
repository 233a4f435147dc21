import { describe, expect, test } from 'vitest';
import { parseToken } from '../src/parse-token.js';
import { refused } from './refused.js';

describe('parseToken()', () => {
  test('parseToken() takes the end of the line away', () => {
    expect(parseToken(' ebpm_AbC-123_x\r\n')).toBe('ebpm_AbC-123_x');
  });

  test.each(['', '\n', 'two words', 'a\nb', 'tökn', 'x'.repeat(5000)])('parseToken() refuses %j', (text) => {
    expect(() => parseToken(text)).toThrow(refused('EBPM_TOKEN_MALFORMED') as Error);
  });

  test('parseToken() does not repeat what it refuses', () => {
    expect(() => parseToken('my secret')).toThrow(/^(?!.*secret)/);
  });
});
