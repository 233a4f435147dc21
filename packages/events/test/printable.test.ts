import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableBytes } from '../src/printable.js';

describe('printable()', () => {
  it.each([
    ['plain ASCII', 'bash -c "echo $HOME" ~', 'bash -c "echo $HOME" ~'],
    ['letters of other scripts', 'größe 名前 🙂', 'größe 名前 🙂'],
    ['a title sequence', '\x1b]0;x\x07\n', '\\x1b]0;x\\x07\\n'],
    ['newline, return and tab', 'a\n\r\tb', 'a\\n\\r\\tb'],
    ['NUL and DEL', '\0\x7f', '\\x00\\x7f'],
    ['C1 controls', '\x80\x9b', '\\u0080\\u009b'],
    [
      'bidi controls',
      '\u061c\u200e\u200f\u202a\u202e\u2066\u2069',
      '\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069',
    ],
    ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
    ['zero width and byte order marks', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['tags above the BMP', '\u{e0041}', '\\u{e0041}'],
    ['lone surrogates', 'a\ud800b\udc00', 'a\\ud800b\\udc00'],
    ['a backslash', 'C:\\new', 'C:\\\\new'],
  ])('printable() of %s', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('printable() keeps different texts different and leaves nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(pieces(shown).map(character).join('')).toBe(text);
      }),
    );
  });
});

describe('printableBytes()', () => {
  it.each([
    ['ASCII', [0x6c, 0x73], 'ls'],
    ['UTF-8', [0xc3, 0xb6, 0xe5, 0x90, 0x8d, 0xf0, 0x9f, 0x99, 0x82], 'ö名🙂'],
    ['bytes that no sequence begins with', [0x61, 0xff, 0x80, 0x62], 'a\\xff\\x80b'],
    ['a C1 control, which is not the byte of the same number', [0xc2, 0x9b, 0x9b], '\\u009b\\x9b'],
    ['an overlong slash', [0xc0, 0xaf, 0xe0, 0x80, 0xaf], '\\xc0\\xaf\\xe0\\x80\\xaf'],
    ['an encoded surrogate', [0xed, 0xa0, 0x80], '\\xed\\xa0\\x80'],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80], '\\xf4\\x90\\x80\\x80'],
    ['a sequence that was cut', [0x61, 0xe5, 0x90], 'a\\xe5\\x90'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], '\\ufeffa'],
    ['a right-to-left override', [0xe2, 0x80, 0xae], '\\u202e'],
    ['nothing', [], ''],
  ])('printableBytes() of %s', (_, bytes, expected) => {
    expect(printableBytes(Uint8Array.from(bytes))).toBe(expected);
  });

  it('printableBytes() agrees with printable() on text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = new TextEncoder().encode(text);
        expect(printableBytes(bytes)).toBe(printable(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)));
      }),
    );
  });

  it('printableBytes() escapes exactly the bytes that are not part of a sequence', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(Buffer.concat(pieces(printableBytes(bytes)).map(bytesOf))).toEqual(Buffer.from(bytes));
      }),
    );
  });
});

/** Splits into escapes and characters. */
function pieces(shown: string): readonly string[] {
  return shown.match(/\\(?:x..|u\{[^}]*\}|u....|.)|[^\\]/gsu) ?? [];
}

function character(piece: string): string {
  const short: Record<string, string> = { '\\n': '\n', '\\r': '\r', '\\t': '\t', '\\\\': '\\' };
  if (piece[0] !== '\\') return piece;
  return short[piece] ?? String.fromCodePoint(Number.parseInt(piece.replace(/[^0-9a-f]/g, ''), 16));
}

function bytesOf(piece: string): Uint8Array {
  return piece.startsWith('\\x') ? Buffer.from(piece.slice(2), 'hex') : Buffer.from(character(piece));
}
