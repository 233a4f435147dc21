import { describe, expect, it } from 'vitest';
import { byteRange } from '../../src/http/byte-range.js';

describe('byteRange()', () => {
  it.each([
    [undefined, undefined],
    ['bytes=0-9', { first: 0, last: 9 }],
    ['bytes=90-', { first: 90, last: 99 }],
    ['bytes=90-1000', { first: 90, last: 99 }],
    ['bytes=-10', { first: 90, last: 99 }],
    ['bytes=-1000', { first: 0, last: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=9-0', undefined],
    ['bytes=0-9,20-29', undefined],
    ['bytes=-', undefined],
    ['lines=0-9', undefined],
    ['bytes=0x1-2', undefined],
  ])('reads "%s" of 100 bytes', (header, range) => {
    expect(byteRange(header, 100)).toEqual(range);
  });
});
