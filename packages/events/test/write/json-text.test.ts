import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonText } from '../../src/write/json-text.js';

it.each([
  ['plain', '"plain"'],
  ['"\\/', '"\\"\\\\/"'],
  ['\x1b]0;x\x07\n', '"\\u001b]0;x\\u0007\\n"'],
  ['\x7f\x9b\u202e\u2028\ufeff', '"\\u007f\\u009b\\u202e\\u2028\\ufeff"'],
  ['\u{e0041}', '"\\udb40\\udc41"'],
  ['größe 🙂', '"größe 🙂"'],
])('jsonText() of %j', (text, expected) => {
  expect(jsonText(text)).toBe(expected);
});

it('jsonText() gives the text back and has nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(jsonText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(JSON.parse(jsonText(text))).toBe(text);
    }),
  );
});
