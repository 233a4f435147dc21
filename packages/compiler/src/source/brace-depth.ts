import type { CToken, Piece } from './c-token.js';

/** What holds outside of a conditional part of a source. */
interface Outside {
  readonly depth: number;
  readonly skipped: boolean;
}

/**
 * Counts the braces around each token. Conditional parts are all kept, except those below `#if 0`; each branch starts with the
 * braces that were open at its `#if`, since only one of them will be compiled.
 */
export function withDepth(pieces: Iterable<Piece>): readonly CToken[] {
  const tokens: CToken[] = [];
  const outsides: Outside[] = [];
  let depth = 0;
  let skipped = false;
  for (const piece of pieces) {
    if (piece.kind === 'directive') {
      const branch = branchOf(piece.text);
      if (branch === 'open' || branch === 'never') outsides.push({ depth, skipped });
      const outside = branch === undefined ? undefined : outsides.at(-1);
      skipped = branch === 'never' || (outside?.skipped ?? skipped);
      if (branch === 'next') depth = outside?.depth ?? depth;
      if (branch === 'close') outsides.pop();
    }
    if (skipped) continue;
    if (piece.kind === 'mark' && piece.text === '}') depth = Math.max(0, depth - 1);
    tokens.push({ ...piece, depth });
    if (piece.kind === 'mark' && piece.text === '{') depth += 1;
  }
  return tokens;
}

/** What a directive does to the conditional parts; `never` opens one that is not compiled. */
function branchOf(directive: string): 'open' | 'never' | 'next' | 'close' | undefined {
  if (/^#\s*if\s+0\s*$/.test(directive)) return 'never';
  if (/^#\s*if/.test(directive)) return 'open';
  if (/^#\s*el/.test(directive)) return 'next';
  return /^#\s*endif/.test(directive) ? 'close' : undefined;
}
