import { describe, expect, it } from 'vitest';
import { isNamePattern, matchesPattern } from '../../src/accounts/name-pattern.js';

describe('matchesPattern()', () => {
  it.each([
    ['sigsnoop', 'sigsnoop', true],
    ['sigsnoop', 'sigsnoop2', false],
    ['*', '@acme/x', true],
    ['@acme/*', '@acme/x', true],
    ['@acme/*', '@acme2/x', false],
    ['@acme/*', 'acme', false],
    ['@acme/x-*', '@acme/x-1', true],
    ['@acme/x-*', '@acme/y', false],
    ['@*/x', '@acme/x', true],
    ['*-*', 'a-b', true],
    ['a*b*c', 'axxbyyc', true],
    ['a*b*c', 'axxc', false],
    ['*snoop', '@acme/snoop', false],
    ['a*a', 'a', false],
  ])('%s and %s: %s', (pattern, name, matches) => {
    expect(isNamePattern(pattern)).toBe(true);
    expect(matchesPattern(pattern, name)).toBe(matches);
  });

  it.each(['', '**', 'a**b', '@acme', '@/x', 'A', 'a b', 7, undefined])('takes no pattern "%s"', (text) => {
    expect(isNamePattern(text)).toBe(false);
  });
});
