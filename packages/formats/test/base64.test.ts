import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../src/base64.js';

describe('encodeBase64()', () => {
  test('encodeBase64() writes what the runtime writes, and decodeBase64() reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  test.each([24_575, 24_576, 24_577, 100_000])('encodeBase64() joins the chunks of %d bytes', (size) => {
    const bytes = new Uint8Array(size).map((_, index) => index % 251);
    expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
  });
});

describe('decodeBase64()', () => {
  test.each(['A', 'AA', 'AAA', 'A===', 'AB==', 'AAB=', 'A=AA', 'AA=A', 'AA-_', 'AA A', 'AAA\n', 'AAAé', '\u0141AAA'])(
    'decodeBase64() refuses %j',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined();
    },
  );
});
