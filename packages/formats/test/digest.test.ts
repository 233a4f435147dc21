import { describe, expect, test } from 'vitest';
import { digestHex, digestOf, isDigest, parseDigest, sha256Hex } from '../src/index.js';

// FIPS 180-4: the digest of "abc".
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('digestOf()', () => {
  test('digestOf() gives the digest that the standard gives', () => {
    expect(digestOf(new TextEncoder().encode('abc'))).toBe(`sha256:${ABC}`);
    expect(sha256Hex(new TextEncoder().encode('abc'))).toBe(ABC);
  });
});

describe('parseDigest()', () => {
  test('parseDigest() reads what digestOf() writes', () => {
    expect(digestHex(parseDigest(`sha256:${ABC}`))).toBe(ABC);
  });

  test.each([
    '',
    ABC,
    `sha512:${ABC}`,
    `sha256:${ABC}0`,
    `sha256:${ABC.slice(1)}`,
    `sha256:${ABC.toUpperCase()}`,
    `sha256:${ABC}\n`,
  ])('parseDigest() refuses %j', (text) => {
    expect(() => parseDigest(text)).toThrow(expect.objectContaining({ code: 'EBPM_DIGEST_INVALID' }));
    expect(isDigest(text)).toBe(false);
  });
});
