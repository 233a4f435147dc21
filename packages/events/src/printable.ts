import { utf8SequenceLength, utf8Text } from './utf8.js';

/**
 * Text as it may go to a terminal: what would move the cursor, reorder or hide text, or break the line is shown as an escape.
 *
 *     \\  \n  \r  \t      backslash, newline, carriage return, tab
 *     \x1b                other control characters of ASCII
 *     \u202e  \u{e0041}   all else in Unicode's categories Cc, Cf, Zl and Zp (controls, bidi and other invisible formatting,
 *                         line and paragraph separators), and surrogates without a partner
 *
 * Different texts stay different, because a backslash is escaped too.
 */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNPRINTABLE, escapeCharacter);
}

/**
 * The same for bytes from the kernel, which are UTF-8 as a rule: a byte that is not part of a well-formed sequence becomes `\x80` to
 * `\xff`. Characters above ASCII use `\u`, so the two cannot be confused.
 */
export function printableBytes(bytes: Uint8Array): string {
  let text = '';
  let start = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = utf8SequenceLength(bytes, at);
    if (length === 0) {
      text += printable(utf8Text(bytes.subarray(start, at))) + escapeByte(bytes[at] ?? 0);
      start = at + 1;
    }
    at += length || 1;
  }
  return text + printable(utf8Text(bytes.subarray(start)));
}

/** Text of several lines as it may go to a terminal: newlines, tabs and backslashes stay, what `printable` escapes beside them is escaped. */
export function printableText(text: string): string {
  return text.replace(DANGEROUS, (character) =>
    character === '\n' || character === '\t' ? character : escapeCharacter(character),
  );
}

/** One character that must not reach a terminal as it is; for `replace`, so global. The backslash is not among them. */
export const DANGEROUS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const PLAIN = /^[ -[\]-~]*$/;
const UNPRINTABLE = new RegExp(`${DANGEROUS.source}|\\\\`, 'gu');
const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return SHORT[character] ?? escapeByte(code);
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
