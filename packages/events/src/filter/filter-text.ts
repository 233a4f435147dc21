import { utf8Bytes } from '../write/write-text.js';
import { filterMistake } from './filter-mistake.js';
import type { FilterToken } from './filter-tokens.js';

/**
 * The bytes that a text in quotes stands for. Its escapes are those that tables print, so that text can be copied from there.
 *
 * @throws EBPM_FILTER_INVALID for another escape, and for a NUL, which no text of an event can have
 */
export function filterText(filter: string, { text, at }: Extract<FilterToken, { kind: 'text' }>): Uint8Array {
  const bytes: number[] = [];
  for (let next = 0; next < text.length; ) {
    const rest = text.slice(next);
    const sequence = ESCAPE.exec(rest)?.[0];
    if (sequence === undefined && rest.startsWith('\\')) {
      throw filterMistake(filter, at + 1 + next, `"${rest.slice(0, 2)}" is not known`, KNOWN);
    }
    const part = sequence ?? String.fromCodePoint(rest.codePointAt(0) ?? 0);
    bytes.push(...(sequence === undefined ? utf8Bytes(part) : escapedBytes(sequence)));
    if (bytes.at(-1) === 0) throw filterMistake(filter, at + 1 + next, 'text ends before a NUL, so none has one');
    next += part.length;
  }
  return Uint8Array.from(bytes);
}

const ESCAPE = /^\\(["'\\nrt]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{(?:0*[0-9a-fA-F]{1,5}|0*10[0-9a-fA-F]{4})\})/;
const KNOWN = 'Known are \\\\ \\" \\\' \\n \\r \\t \\x1b \\u202e \\u{e0041}';
const SHORT: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09 };

function escapedBytes(sequence: string): ArrayLike<number> & Iterable<number> {
  const sign = sequence[1] ?? '';
  if (sign === 'x') return [Number.parseInt(sequence.slice(2), 16)];
  if (sign === 'u') return utf8Bytes(String.fromCodePoint(Number.parseInt(sequence.slice(2).replace('{', ''), 16)));
  return [SHORT[sign] ?? sign.charCodeAt(0)];
}
