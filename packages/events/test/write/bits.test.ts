import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readBits, readSignedBits, readSignedWideBits, readWideBits } from '../../src/write/bits.js';

it('readBits() and its variants read any bits of any bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 24, maxLength: 24 }),
      fc.nat(3),
      fc.nat(7),
      fc.integer({ min: 1, max: 128 }),
      (bytes, at, shift, bits) => {
        const all = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`) >> BigInt(at * 8 + shift);
        expect(readWideBits(bytes, at, shift, bits)).toBe(BigInt.asUintN(bits, all));
        expect(readSignedWideBits(bytes, at, shift, bits)).toBe(BigInt.asIntN(bits, all));
        if (bits > 32) return;
        expect(readBits(bytes, at, shift, bits)).toBe(Number(BigInt.asUintN(bits, all)));
        expect(readSignedBits(bytes, at, shift, bits)).toBe(Number(BigInt.asIntN(bits, all)));
      },
    ),
  );
});
