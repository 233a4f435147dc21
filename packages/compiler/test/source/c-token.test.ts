import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cTokens } from '../../src/source/c-token.js';

const texts = (source: string) => cTokens(source).map(({ text }) => text);
const kinds = (source: string) => cTokens(source).map(({ kind }) => kind);

describe('cTokens()', () => {
  it('splits words, literals and marks', () => {
    expect(texts(`int a_1=0x1f+.5e3;`)).toEqual(['int', 'a_1', '=', '0x1f', '+', '.5e3', ';']);
  });

  it('takes comment marks and braces inside of literals as text', () => {
    expect(texts(`"/* {\\"" '{' "//"`)).toEqual([`"/* {\\""`, `'{'`, `"//"`]);
  });

  it.each(['/// x', '//! x', '/** x */', '/*! x */', '///< x'])('takes %s as a doc comment', (source) => {
    expect(kinds(source)).toEqual(['doc']);
  });

  it.each(['// x', '//// x', '/* x */', '/*** x */', '/**/'])('leaves %s out', (source) => {
    expect(kinds(`${source}\n`)).toEqual([]);
  });

  it('takes a line with a backslash at its end and the next one as one', () => {
    expect(texts('#define A \\\n  b {\nint c;')).toEqual(['#define A \\\n  b {', 'int', 'c', ';']);
    expect(texts('/// a \\\nb\nc')).toEqual(['/// a \\\nb', 'c']);
  });

  it('takes a block comment in a directive as part of it', () => {
    expect(texts('#define A /* {\n} */ b\nc')).toEqual(['#define A /* {\n} */ b', 'c']);
  });

  it('takes # as a directive only at the start of a line', () => {
    expect(kinds('a # b\n /* c */ # d')).toEqual(['word', 'mark', 'word', 'directive']);
  });

  it('leaves out what is below #if 0, and what is nested in it', () => {
    expect(texts('#if 0\na\n#if 1\nb\n#else\nc\n#endif\n#else\nd\n#endif\ne')).toEqual(['#else', 'd', '#endif', 'e']);
  });

  it('starts each branch of a conditional with the braces that were open before it', () => {
    const tokens = cTokens('#ifdef A\nf {\n#elif B\ng {\n#else\nh {\n#endif\ni\n}\nj');
    const depths = tokens.filter(({ kind }) => kind === 'word').map(({ text, depth }) => `${text}${depth}`);
    expect(depths).toEqual(['f0', 'g0', 'h0', 'i1', 'j0']);
  });

  it('counts lines from 0', () => {
    expect(cTokens('a\n/** b\nc */\n d').map(({ line, endLine }) => [line, endLine])).toEqual([
      [0, 0],
      [1, 2],
      [3, 3],
    ]);
  });

  it('reads any text to its end, and takes no character twice', () => {
    const pieces = fc.array(
      fc.constantFrom('/*', '*/', '//', '"', "'", '\\', '\n', '{', '}', '#', '#if 0\n', '#endif\n', 'a', '1', ' '),
    );
    fc.assert(
      fc.property(
        pieces.map((parts) => parts.join('')),
        (source) => {
          let from = 0;
          for (const { text, depth } of cTokens(source)) {
            from = source.indexOf(text, from) + text.length;
            expect(depth).toBeGreaterThanOrEqual(0);
          }
          expect(from).toBeLessThanOrEqual(source.length);
          expect(cTokens(source).every(({ text }) => text.length > 0)).toBe(true);
        },
      ),
    );
  });

  it.each(['/*', '"', '#if 0\n', '{', "'\\", '\\\n', '#/*'])(
    'takes a time that grows with the length for many %j',
    (piece) => {
      const start = performance.now();
      cTokens(piece.repeat(50_000));
      expect(performance.now() - start).toBeLessThan(1500);
    },
  );
});
