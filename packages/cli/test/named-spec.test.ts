import { describe, expect, test } from 'vitest';
import { parseNamedSpec } from '../src/named-spec.js';

describe('parseNamedSpec()', () => {
  test('parseNamedSpec() reads names with and without versions', () => {
    expect(parseNamedSpec('@acme/x@^1.2')).toEqual({ kind: 'range', name: '@acme/x', range: '^1.2' });
    expect(parseNamedSpec('sigsnoop')).toEqual({ kind: 'tag', name: 'sigsnoop', tag: 'latest' });
  });

  test.each(['./x.json', 'https://example.org/x', '-'])('parseNamedSpec() refuses %s', (text) => {
    expect(() => parseNamedSpec(text)).toThrow(expect.objectContaining({ code: 'EBPM_USAGE_INVALID' }));
  });
});
