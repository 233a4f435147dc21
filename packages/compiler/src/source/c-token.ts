import { withDepth } from './brace-depth.js';

/**
 * Just as much of C's lexical grammar as is needed to find declarations and the comments before them. Nothing is expanded.
 */

/** A piece of C source. */
export interface CToken {
  /** `doc` is a comment that documents something; other comments give no token. A directive is a whole line that starts with `#`. */
  readonly kind: 'doc' | 'directive' | 'word' | 'literal' | 'mark';
  readonly text: string;
  /** Lines of its first and last character, from 0. */
  readonly line: number;
  readonly endLine: number;
  /** Braces that are open around it. */
  readonly depth: number;
}

const SPACE = /(?:\s|\\\r?\n)+/y;
const WORD = /[A-Za-z_]\w*/y;
// A literal that is not closed goes on to the end of its line.
const LITERAL = /"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|\.?\d[\w.]*/y;
// As clang's raw comments: https://github.com/llvm/llvm-project/blob/llvmorg-14.0.6/clang/lib/AST/RawCommentList.cpp#L64
const DOC = /^(?:\/\/\/(?!\/)|\/\/!|\/\*\*(?![*/])|\/\*!)/;

/** Splits C source into tokens, in one pass over the text; what is not C gives tokens too. */
export function cTokens(source: string): readonly CToken[] {
  return withDepth(pieces(source));
}

/** A token before its braces are counted. */
export type Piece = Omit<CToken, 'depth'>;

function* pieces(source: string): Generator<Piece> {
  let line = 0;
  let lineHasToken = false;
  for (let at = 0; at < source.length; ) {
    const end = endOfPiece(source, at, lineHasToken);
    const text = source.slice(at, end.offset);
    const endLine = line + newlines(text);
    if (end.kind !== undefined) yield { kind: end.kind, text, line, endLine };
    lineHasToken = end.kind === undefined ? lineHasToken && endLine === line : end.kind !== 'directive';
    line = endLine;
    at = end.offset;
  }
}

interface PieceEnd {
  readonly offset: number;
  /** Undefined for what gives no token. */
  readonly kind?: CToken['kind'] | undefined;
}

function endOfPiece(source: string, at: number, lineHasToken: boolean): PieceEnd {
  const space = match(SPACE, source, at);
  if (space !== undefined) return { offset: space };
  if (source.startsWith('//', at)) return comment(source, at, endOfLine(source, at));
  if (source.startsWith('/*', at)) return comment(source, at, endOfBlock(source, at));
  if (source[at] === '#' && !lineHasToken) return { offset: endOfLine(source, at), kind: 'directive' };
  const word = match(WORD, source, at);
  if (word !== undefined) return { offset: word, kind: 'word' };
  const literal = match(LITERAL, source, at);
  return literal === undefined ? { offset: at + 1, kind: 'mark' } : { offset: literal, kind: 'literal' };
}

function comment(source: string, at: number, end: number): PieceEnd {
  return { offset: end, kind: DOC.test(source.slice(at, at + 4)) ? 'doc' : undefined };
}

function endOfBlock(source: string, at: number): number {
  const end = source.indexOf('*/', at + 2);
  return end === -1 ? source.length : end + 2;
}

/** The end of a line, which a backslash before the line break continues; a block comment in it is part of it. */
function endOfLine(source: string, start: number): number {
  const stop = /\\\r?\n|\n|\/\*/g;
  stop.lastIndex = start;
  for (let found = stop.exec(source); found !== null; found = stop.exec(source)) {
    if (found[0] === '\n') return found.index;
    if (found[0] === '/*' && !source.startsWith('//', start)) stop.lastIndex = endOfBlock(source, found.index);
  }
  return source.length;
}

function match(pattern: RegExp, source: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : undefined;
}

function newlines(text: string): number {
  return text.split('\n').length - 1;
}
