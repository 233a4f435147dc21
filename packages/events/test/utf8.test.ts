import { isUtf8 as nodeIsUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isUtf8, utf8Text } from '../src/utf8.js';

it('isUtf8() agrees with the runtime on all starts of a sequence', () => {
  for (let first = 0; first < 256; first += 1) {
    for (let second = 0; second < 256; second += 1) {
      for (const rest of [[], [0x80], [0x80, 0x80], [0xbf, 0xbf, 0x41], [0x41, 0x80]]) {
        const bytes = Uint8Array.of(first, second, ...rest);
        if (isUtf8(bytes) !== nodeIsUtf8(bytes)) expect.fail(`differs on ${bytes}`);
      }
    }
  }
});

it('isUtf8() agrees with the runtime on any bytes', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => isUtf8(bytes) === nodeIsUtf8(bytes)));
});

it('utf8Text() keeps a byte order mark and replaces what is ill-formed', () => {
  expect(utf8Text(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff))).toBe('\ufeffa\ufffd');
});
