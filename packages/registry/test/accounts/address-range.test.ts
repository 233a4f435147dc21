import { describe, expect, it } from 'vitest';
import { isAddressRange, isInRanges } from '../../src/accounts/address-range.js';

describe('isInRanges()', () => {
  it.each([
    ['192.0.2.7', ['192.0.2.7'], true],
    ['192.0.2.8', ['192.0.2.7'], false],
    ['192.0.2.8', ['198.51.100.0/24', '192.0.2.0/24'], true],
    ['::ffff:192.0.2.8', ['192.0.2.0/24'], true],
    ['2001:db8::1', ['2001:db8::/32'], true],
    ['2001:db9::1', ['2001:db8::/32'], false],
    ['192.0.2.8', ['::/0'], false],
    ['nonsense', ['0.0.0.0/0'], false],
  ])('%s in %j: %s', (address, ranges, isIn) => {
    expect(isInRanges(address, ranges)).toBe(isIn);
  });

  it.each(['192.0.2.0/33', '2001:db8::/129', '192.0.2', 'localhost', '', '1.2.3.4/', 7])(
    'takes no range "%s"',
    (text) => {
      expect(isAddressRange(text)).toBe(false);
    },
  );
});
