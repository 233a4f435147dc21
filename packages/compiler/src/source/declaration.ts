import type { CToken } from './c-token.js';

/** What is followed by parentheses but is no function. */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  'SEC',
  '__attribute__',
  '__attribute',
  '__aligned',
  '_Alignas',
  'typeof',
  '__typeof__',
]);

/**
 * Whether the last of these tokens ends the declaration that they are: a `;`, or the `}` of a function's body.
 * @param tokens Of one declaration, without what lies between its braces.
 */
export function isWhole(tokens: readonly CToken[]): boolean {
  const last = tokens.at(-1)?.text;
  return last === ';' || (last === '}' && firstCall(tokens) !== undefined);
}

/**
 * What the name of a declaration may be, the likeliest first: `f` in `int f(...)`, both `MACRO` and `f` in `int MACRO(f, ...)`, and the
 * words before a variable's `=`, `[` or end, from the last to the first: `x` in `struct s x SEC(".data")`.
 */
export function candidateNames(tokens: readonly CToken[]): readonly string[] {
  const call = firstCall(tokens);
  const called = call === undefined ? [] : [tokens[call], tokens[call + 2]];
  const words = [...called, ...outsideOfParens(declarator(tokens)).toReversed()].filter(
    (token) => token?.kind === 'word',
  );
  return words.map((token) => token?.text ?? '');
}

/** Where the first word is that has parentheses behind it as a function has, or a macro that makes one; undefined for variables. */
function firstCall(tokens: readonly CToken[]): number | undefined {
  const head = declarator(tokens);
  const at = head.findIndex(
    ({ kind, text }, i) => kind === 'word' && head[i + 1]?.text === '(' && !ATTRIBUTES.has(text),
  );
  return at === -1 ? undefined : at;
}

/** The tokens up to an initializer, an array's size or a second variable. */
function declarator(tokens: readonly CToken[]): readonly CToken[] {
  let parens = 0;
  const end = tokens.findIndex(({ text }) => {
    if (text === '(') parens += 1;
    if (text === ')') parens -= 1;
    return parens === 0 && (text === '=' || text === '[' || text === ',');
  });
  return end === -1 ? tokens : tokens.slice(0, end);
}

function outsideOfParens(tokens: readonly CToken[]): readonly CToken[] {
  let parens = 0;
  return tokens.filter(({ text }) => {
    if (text === '(') parens += 1;
    if (text === ')') parens -= 1;
    return parens === 0;
  });
}
