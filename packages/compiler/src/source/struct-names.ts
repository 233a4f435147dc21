import { type CToken, cTokens } from './c-token.js';

/** The names of the structs that a header defines, in its order; what it only mentions, or nests, is left out. */
export function structNames(header: string): readonly string[] {
  const tokens = cTokens(header).filter(({ kind, depth }) => depth === 0 && kind !== 'doc' && kind !== 'directive');
  const names = tokens.flatMap(({ text }, at) => (text === 'struct' ? definedName(tokens, at + 1) : []));
  return [...new Set(names)];
}

/** NAME in `struct NAME {` and `struct __attribute__((packed)) NAME {`. */
function definedName(tokens: readonly CToken[], start: number): readonly string[] {
  const at = tokens[start]?.text === '__attribute__' ? afterGroup(tokens, start + 1) : start;
  const name = tokens[at];
  return name?.kind === 'word' && tokens[at + 1]?.text === '{' ? [name.text] : [];
}

function afterGroup(tokens: readonly CToken[], open: number): number {
  let parens = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at]?.text === '(') parens += 1;
    if (tokens[at]?.text === ')') parens -= 1;
    if (parens === 0) return at + 1;
  }
  return tokens.length;
}
