import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { adler32 } from '../src/adler32.js';

describe('adler32()', () => {
  test.each([0, 1, 3799, 3800, 3801, 1_000_000])('adler32() of %d bytes is what zlib writes', (size) => {
    const bytes = new Uint8Array(size).fill(255);
    expect(adler32(bytes)).toBe(deflateSync(bytes).readUInt32BE(deflateSync(bytes).length - 4));
  });
});
