import { describe, expect, it } from 'vitest';
import { parseClaims } from '../src/parse-claims.js';

describe('parseClaims()', () => {
  it('takes names and texts, which may have further "="', () => {
    expect(parseClaims(['repository=acme/tools', 'sub=repo:acme/tools:ref=x', '__proto__=a b'])).toEqual(
      Object.fromEntries([
        ['repository', 'acme/tools'],
        ['sub', 'repo:acme/tools:ref=x'],
        ['__proto__', 'a b'],
      ]),
    );
  });

  it.each([
    [['repository'], 'Cannot use "repository" as a claim: wanted KEY=VALUE'],
    [['=x'], 'Cannot use "=x" as a claim'],
    [['ref='], 'Cannot use "ref=" as a claim'],
    [['a b=x'], 'Cannot use "a b=x" as a claim'],
    [[`ref=${'x'.repeat(257)}`], 'as a claim: wanted KEY=VALUE'],
    [['ref=a', 'ref=b'], 'Cannot use "ref=b" as a claim: "ref" is there already'],
  ])('refuses %j', (texts, message) => {
    expect(() => parseClaims(texts)).toThrow(
      expect.objectContaining({ code: 'EBPM_USAGE_INVALID', message: expect.stringContaining(message) }),
    );
  });
});
