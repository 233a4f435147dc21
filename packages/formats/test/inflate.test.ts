import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deflate } from '../src/deflate.js';
import { inflate } from '../src/inflate.js';

const BYTES = new Uint8Array(5000).map((_, index) => (index * index) % 251);
const DATA = deflate(BYTES);

describe('inflate()', () => {
  test('inflate() unpacks what deflate() and the runtime pack', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect(inflate(deflate(bytes), bytes.length)).toEqual({ ok: true, bytes });
        expect(inflate(deflateSync(bytes), bytes.length)).toEqual({ ok: true, bytes });
      }),
    );
  });

  test.each([
    [BYTES.length - 1, 'too long'],
    [0, 'too long'],
    [BYTES.length + 1, 'too short'],
    [DATA.length * 1032 + 1, 'too short'],
  ])('inflate() refuses data when told %d bytes: %s', (sizeBytes, reason) => {
    expect(inflate(DATA, sizeBytes)).toEqual({ ok: false, reason });
  });

  test('inflate() refuses data that end too early, at every byte, and data with anything behind them', () => {
    for (let end = 0; end < DATA.length; end += 1) {
      expect(inflate(DATA.subarray(0, end), BYTES.length)).toMatchObject({ ok: false, reason: 'damaged' });
    }
    expect(inflate(Uint8Array.of(...DATA, 0), BYTES.length)).toEqual({ ok: false, reason: 'damaged' });
    expect(inflate(Uint8Array.of(...DATA, ...DATA), BYTES.length)).toEqual({ ok: false, reason: 'damaged' });
  });

  test('inflate() refuses data whose checksum is wrong', () => {
    const wrong = DATA.slice();
    wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1;
    expect(inflate(wrong, BYTES.length)).toMatchObject({ ok: false, reason: 'damaged' });
  });

  test('inflate() stops at a bomb', () => {
    const bomb = deflateSync(new Uint8Array(64 * 1024 * 1024));
    const before = process.memoryUsage().arrayBuffers;
    expect(inflate(bomb, 1000)).toEqual({ ok: false, reason: 'too long' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });
});
