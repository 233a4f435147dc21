import { describe, expect, it } from 'vitest';
import { parseOneTimeCode } from '../src/one-time-code.js';

describe('parseOneTimeCode()', () => {
  it.each(['123456', '123 456', ' 123456\n'])('parseOneTimeCode() takes %j', (text) => {
    expect(parseOneTimeCode(text)).toBe('123456');
  });

  it.each(['12', '', '1234567', 'abcdef'])(
    'parseOneTimeCode() says of %j what a code is, and does not repeat it',
    (text) => {
      expect(() => parseOneTimeCode(text)).toThrow(
        expect.objectContaining({
          code: 'EBPM_USAGE_INVALID',
          message: 'Cannot use this as a one-time code: it is 6 digits',
        }),
      );
    },
  );
});
