import { filterMistake } from './filter-mistake.js';

/** A word of a filter, and where it stands. */
export type FilterToken =
  | { readonly kind: 'sign'; readonly at: number; readonly text: string }
  | { readonly kind: 'path'; readonly at: number; readonly text: string }
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'number'; readonly at: number; readonly text: string; readonly value: bigint | number }
  | { readonly kind: 'end'; readonly at: number; readonly text: '' };

/**
 * Cuts a filter into words; the last is `end`.
 *
 * @throws EBPM_FILTER_INVALID
 */
export function filterTokens(text: string): readonly FilterToken[] {
  const tokens: FilterToken[] = [];
  let at = 0;
  for (;;) {
    at += /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
    if (at === text.length) return [...tokens, { kind: 'end', at, text: '' }];
    const [token, end] = tokenAt(text, at);
    tokens.push(token);
    at = end;
  }
}

const SIGN = /==|!=|<=|>=|=~|&&|\|\||[<>!()-]/y;
const NUMBER = /0[xX][0-9a-fA-F]+|\d+(\.\d+)?([eE][+-]?\d+)?/y;
const PATH = /[\p{L}_$][\p{L}\p{M}\p{N}_$]*(\.[\p{L}_$][\p{L}\p{M}\p{N}_$]*|\[\d+\])*/uy;

function tokenAt(text: string, at: number): readonly [FilterToken, number] {
  const first = text[at] ?? '';
  if (first === '"' || first === "'") return textToken(text, at, first);
  const sign = matchAt(SIGN, text, at);
  if (sign !== undefined) return [{ kind: 'sign', at, text: sign }, at + sign.length];
  const number = matchAt(NUMBER, text, at);
  if (number !== undefined) return [numberToken(text, at, number), at + number.length];
  const path = matchAt(PATH, text, at);
  if (path !== undefined) return [{ kind: 'path', at, text: path }, at + path.length];
  throw filterMistake(text, at, ...stranger(String.fromCodePoint(text.codePointAt(at) ?? 0)));
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function stranger(character: string): [reason: string, advice?: string] {
  const meant = { '=': '==', '&': '&&', '|': '||', '~': '=~' }[character];
  const reason = `"${character}" is not known`;
  return meant === undefined ? [reason] : [reason, `Write "${meant}"`];
}

function numberToken(text: string, at: number, digits: string): FilterToken {
  const end = at + digits.length;
  if (/[\p{L}\p{N}_]/u.test(text[end] ?? '')) {
    throw filterMistake(text, at, `"${digits}${text[end]}" is neither a number nor a name`);
  }
  const isInteger = /^(0[xX][0-9a-fA-F]+|\d+)$/.test(digits);
  return { kind: 'number', at, text: digits, value: isInteger ? BigInt(digits) : Number(digits) };
}

/** A text in quotes, as it was typed: what backslashes mean depends on what it is used for. */
function textToken(text: string, at: number, quote: string): readonly [FilterToken, number] {
  for (let next = at + 1; next < text.length; next += 1) {
    if (text[next] === quote) return [{ kind: 'text', at, text: text.slice(at + 1, next) }, next + 1];
    if (text[next] === '\\') next += 1;
  }
  throw filterMistake(text, at, `the text has no ${quote} at its end`);
}
