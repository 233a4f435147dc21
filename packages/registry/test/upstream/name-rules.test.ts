import { describe, expect, it } from 'vitest';
import { NameRules } from '../../src/upstream/name-rules.js';

describe('NameRules', () => {
  it.each([
    [['*'], 'sigsnoop', true],
    [['*'], '@acme/x', true],
    [['*', '!@acme/*'], '@acme/x', false],
    [['!@acme/*', '*'], '@acme/x', false],
    [['*', '!@acme/*'], '@acme2/x', true],
    [['tcp*'], 'tcptop', true],
    [['tcp*'], 'xtcp', false],
    [['a.b'], 'a.b', true],
    [['a.b'], 'axb', false],
    [[], 'a', false],
    [['!a'], 'b', false],
  ])('of %j say that %s: %s', (patterns, name, expected) => {
    expect(new NameRules(patterns).allow(name)).toBe(expected);
  });
});
