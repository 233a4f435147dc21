import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PATTERN_POSITION_LIMIT } from '../../src/limits.js';
import { PatternMistake } from '../../src/pattern/parse-pattern.js';
import { TextPattern } from '../../src/pattern/text-pattern.js';

function found(pattern: string, text: string): boolean {
  const bytes = new TextEncoder().encode(`#${text}#`);
  return new TextPattern(pattern).test(bytes, 1, bytes.length - 1);
}

describe('TextPattern', () => {
  it.each([
    ['', '', true],
    ['^$', '', true],
    ['^$', 'a', false],
    ['a*$', 'b', true],
    ['abc', 'xabcx', true],
    ['^abc', 'xabc', false],
    ['abc$', 'abcx', false],
    ['^a|b$', 'xb', true],
    ['^a|b$', 'xbx', false],
    ['\\.so(\\.\\d+)*$', 'libc.so.6', true],
    ['[^a-c]', 'abc', false],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['[\\d_]\\s\\w', '_ x', true],
    ['ö+$', 'öö', true],
    ['^.?$', 'ab', false],
    ['\\x41\\n', 'A\n', true],
    ['kworker/.*:', 'kworker/u8:0', true],
  ])('TextPattern finds %j in %j: %s', (pattern, text, expected) => {
    expect(found(pattern, text)).toBe(expected);
  });

  it('TextPattern finds what a regular expression of JavaScript finds', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|bc)', '(ab)', '(|a)', '(a*b)');
    const part = fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?')).map((list) => list.join(''));
    const sequence = fc.array(part, { maxLength: 5 }).map((list) => list.join(''));
    const alternative = fc
      .tuple(fc.constantFrom('', '^'), sequence, fc.constantFrom('', '$'))
      .map((list) => list.join(''));
    const pattern = fc.array(alternative, { minLength: 1, maxLength: 3 }).map((list) => list.join('|'));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    fc.assert(
      fc.property(pattern, text, (wanted, input) => {
        expect(found(wanted, input)).toBe(new RegExp(wanted, 's').test(input));
      }),
      { numRuns: 500 },
    );
  });

  it('TextPattern looks at each byte once, where backtracking would not end', () => {
    const pattern = new TextPattern('^(a*)*(a|a)*(a+)+b$');
    const bytes = new Uint8Array(100_000).fill(0x61);
    expect(pattern.test(bytes, 0, bytes.length)).toBe(false);
  });

  it('TextPattern stays right when it has more states than it keeps', () => {
    const pattern = `a${'[ab]'.repeat(16)}$`;
    const text = Array.from({ length: 5_000 }, (_, index) => ((index * index) % 7 < 3 ? 'a' : 'b')).join('');
    expect(found(pattern, text)).toBe(new RegExp(pattern).test(text));
    expect(found(pattern, `${text}a${'b'.repeat(16)}`)).toBe(true);
  });

  it.each([
    ['(', 0],
    ['a)', 1],
    ['*a', 0],
    ['a**', 2],
    ['a|*', 2],
    ['[a', 0],
    ['[ö]', 1],
    ['[b-a]', 2],
    ['a^', 1],
    ['a$b', 1],
    ['(a$)', 2],
    ['a{2}', 1],
    ['\\', 0],
    ['\\q', 0],
    ['\\x4', 0],
  ])('TextPattern refuses %s at %i', (pattern, at) => {
    expect(() => new TextPattern(pattern)).toThrow(PatternMistake);
    expect(() => new TextPattern(pattern)).toThrow(expect.objectContaining({ at }));
  });

  it('TextPattern refuses what is too long or nested too deeply', () => {
    expect(() => new TextPattern('('.repeat(65))).toThrow('it is nested too deeply');
    expect(() => new TextPattern('a'.repeat(PATTERN_POSITION_LIMIT + 1))).toThrow('it has more than 256 letters');
  });

  it('TextPattern throws nothing but its mistake', () => {
    const letters = fc.constantFrom(...'ab()[]^$*+?|\\-.{x4ö');
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 20 }), (pattern) => {
        try {
          found(pattern, 'abab');
        } catch (error) {
          expect(error).toBeInstanceOf(PatternMistake);
        }
      }),
      { numRuns: 500 },
    );
  });
});
