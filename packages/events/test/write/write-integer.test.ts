import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeInt32, writeInt64, writeUint32, writeUint64 } from '../../src/write/write-integer.js';

const out = new Uint8Array(32);

function text(end: number): string {
  return String.fromCharCode(...out.subarray(0, end));
}

function uint64(value: bigint): string {
  return text(writeUint64(out, 0, Number(value & 0xffff_ffffn), Number(value >> 32n)));
}

function int64(value: bigint): string {
  return text(writeInt64(out, 0, Number(value & 0xffff_ffffn), Number(BigInt.asIntN(32, value >> 32n))));
}

const powers = Array.from({ length: 20 }, (_, exponent) => 10n ** BigInt(exponent));
const edges = powers.flatMap((power) => [power - 1n, power, power + 1n]);

describe('writeUint32() and writeInt32()', () => {
  it.each([0, 1, 9, 10, 99, 100, 4095, 65535, 999_999_999, 1_000_000_000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])(
    'writeUint32() writes %d',
    (value) => {
      expect(text(writeUint32(out, 0, value))).toBe(String(value));
    },
  );

  it.each([0, -1, -10, 2 ** 31 - 1, -(2 ** 31)])('writeInt32() writes %d', (value) => {
    expect(text(writeInt32(out, 0, value))).toBe(String(value));
  });

  it('writeUint32() and writeInt32() write any value', () => {
    fc.assert(fc.property(fc.nat(2 ** 32 - 1), (value) => text(writeUint32(out, 0, value)) === String(value)));
    fc.assert(fc.property(fc.integer(), (value) => text(writeInt32(out, 0, value)) === String(value)));
  });
});

describe('writeUint64() and writeInt64()', () => {
  it('writeUint64() writes the values around each power of ten and of two', () => {
    const twos = Array.from({ length: 65 }, (_, exponent) => 2n ** BigInt(exponent) - 1n);
    for (const value of [...edges, ...twos]) expect(uint64(value)).toBe(String(value));
  });

  it('writeInt64() writes the values around each negative power of ten', () => {
    for (const value of [...edges, 2n ** 63n, 2n ** 32n]) {
      if (value <= 2n ** 63n) expect(int64(-value)).toBe(String(-value));
    }
  });

  it('writeUint64() and writeInt64() write any value', () => {
    fc.assert(fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (value) => uint64(value) === String(value)));
    fc.assert(fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (value) => int64(value) === String(value)));
  });
});
