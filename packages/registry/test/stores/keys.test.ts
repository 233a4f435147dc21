import { describe, expect, it } from 'vitest';
import {
  attemptKey,
  attemptPrefix,
  blobKey,
  checkedPrefix,
  codeKey,
  codeStep,
  entryKey,
  isStoreKey,
  keyKind,
  personKey,
  probeKey,
  useKey,
} from '../../src/stores/keys.js';

const HEX = '0123456789abcdef'.repeat(4);

describe('keys', () => {
  it('entryKey() has twelve digits', () => {
    expect(entryKey('log', 1)).toBe('log/000000000001');
    expect(entryKey('accounts', 999_999_999_999)).toBe('accounts/999999999999');
  });

  it.each([0, -1, 1.5, Number.NaN, 1e12])('entryKey() refuses the number %d', (seq) => {
    expect(() => entryKey('log', seq)).toThrow(TypeError);
  });

  it('blobKey() splits the digest after two digits', () => {
    expect(blobKey(HEX)).toBe(`blobs/sha256/01/${HEX.slice(2)}`);
  });

  it.each(['', HEX.toUpperCase(), `${HEX}0`, '../'.repeat(22)])('blobKey() refuses "%s"', (hex) => {
    expect(() => blobKey(hex)).toThrow(TypeError);
  });

  it('personKey() and probeKey() are built from opaque ids only', () => {
    expect(personKey('u_1', 2)).toBe('people/u_1/2');
    expect(probeKey('0'.repeat(32), 'round-1')).toBe(`probe/${'0'.repeat(32)}/round-1`);
    for (const id of ['', '..', 'a/b', 'A', 'a b']) expect(() => personKey(id, 1)).toThrow(TypeError);
    expect(() => personKey('u', -1)).toThrow(TypeError);
    expect(() => probeKey('0', 'x')).toThrow(TypeError);
  });

  it('attemptKey(), codeKey() and useKey() sort as they count, and take nothing but ids', () => {
    expect(attemptKey(HEX, 7)).toBe(`attempts/01/${HEX.slice(2)}-000000000007`);
    expect(attemptKey(HEX, 7).startsWith(attemptPrefix(HEX).start)).toBe(true);
    expect(codeKey(58_000_000, 'u_1')).toBe('codes/000058000000-u_1');
    expect(codeStep(codeKey(58_000_000, 'u_1'))).toBe(58_000_000);
    expect(useKey(1_767_225_600_000, '0'.repeat(16))).toBe(`uses/001767225600000-${'0'.repeat(16)}`);
    for (const id of ['', '../', HEX.slice(1)]) expect(() => attemptKey(id, 1)).toThrow(TypeError);
    expect(() => codeKey(1, '../x')).toThrow(TypeError);
    expect(() => useKey(1, 'x')).toThrow(TypeError);
  });

  it('keyKind() keeps entries, and lets the others be removed', () => {
    expect(keyKind(entryKey('log', 1)).removable).toBe(false);
    expect(keyKind(entryKey('accounts', 1)).removable).toBe(false);
    expect(keyKind(blobKey(HEX)).removable).toBe(true);
    expect(keyKind(personKey('u', 1)).removable).toBe(true);
  });

  it('isStoreKey() tells keys from what lies beside them', () => {
    expect(isStoreKey('log/000000000001')).toBe(true);
    for (const other of ['log/notes', 'log/000000000001\n', 'LOG/000000000001', ''])
      expect(isStoreKey(other)).toBe(false);
  });

  it('checkedPrefix() refuses what cannot be listed', () => {
    for (const prefix of ['log/', 'accounts/', 'blobs/sha256/', 'people/', 'people/u/'] as const) {
      expect(checkedPrefix(prefix)).toBe(prefix);
    }
    for (const prefix of ['people/../', 'people/a/b/', 'probe/x/'] as const) {
      expect(() => checkedPrefix(prefix)).toThrow(TypeError);
    }
  });
});
