import { PATTERN_DEPTH_LIMIT, PATTERN_POSITION_LIMIT } from '../limits.js';
import { utf8Bytes } from '../write/write-text.js';

/** A part of a pattern. Bytes are matched, so a letter beyond ASCII is a sequence. */
export type PatternNode =
  | { readonly kind: 'byte'; readonly accepts: Uint8Array }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly least: 0 | 1; readonly many: boolean };

/** One of the alternatives that a pattern as a whole has. */
export interface PatternAlternative {
  readonly node: PatternNode;
  /** Whether it must begin where the text begins (`^`). */
  readonly fromStart: boolean;
  /** Whether it must end where the text ends (`$`). */
  readonly toEnd: boolean;
}

/** What is wrong with a pattern, and where: characters are counted from 0. */
export class PatternMistake extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/**
 * Reads a regular expression: letters, `.`, `[a-z]`, `[^a-z]`, `\d \w \s`, `\n \r \t \xff`, `( )`, `|`, `* + ?`, and `^` and `$` at the ends of the whole or
 * of an alternative. There is nothing in it that a machine with finitely many states cannot do.
 *
 * @throws PatternMistake
 */
export function parsePattern(text: string): readonly PatternAlternative[] {
  return new PatternParser(text).parse();
}

class PatternParser {
  readonly #text: string;
  #at = 0;
  #positions = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): readonly PatternAlternative[] {
    const alternatives = [this.#alternative()];
    while (this.#take('|')) alternatives.push(this.#alternative());
    if (this.#at < this.#text.length) throw this.#mistake('")" closes nothing; put "\\" before it');
    return alternatives;
  }

  #alternative(): PatternAlternative {
    const fromStart = this.#take('^');
    const node = this.#sequence();
    const toEnd = this.#take('$');
    if (toEnd && this.#at < this.#text.length && this.#peek() !== '|') {
      throw this.#mistake('"$" stands at the end; put "\\" before it', this.#at - 1);
    }
    return { node, fromStart, toEnd };
  }

  #choice(): PatternNode {
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    return { kind: 'choice', parts };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    for (let next = this.#peek(); next !== '' && !'|)$'.includes(next); next = this.#peek())
      parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): PatternNode {
    const part = this.#atom();
    const sign = this.#peek();
    if (sign === '' || !'*+?'.includes(sign)) return part;
    this.#at += 1;
    const after = this.#peek();
    if (after !== '' && '*+?'.includes(after)) throw this.#mistake(`"${after}" repeats nothing; put "\\" before it`);
    return { kind: 'repeat', part, least: sign === '+' ? 1 : 0, many: sign !== '?' };
  }

  #atom(): PatternNode {
    const start = this.#at;
    const character = this.#next();
    switch (character) {
      case '(':
        return this.#group(start);
      case '[':
        return this.#byte(this.#class(start));
      case '.':
        return this.#byte(new Uint8Array(256).fill(1));
      case '\\':
        return this.#escape(start);
      case '*':
      case '+':
      case '?':
        throw this.#mistake(`"${character}" repeats nothing; put "\\" before it`, start);
      case '^':
        throw this.#mistake('"^" stands at the beginning; put "\\" before it', start);
      case '{':
        throw this.#mistake('counts such as {3} are not known; put "\\" before "{"', start);
      default:
        return this.#letter(character);
    }
  }

  #group(start: number): PatternNode {
    this.#depth += 1;
    if (this.#depth > PATTERN_DEPTH_LIMIT) throw this.#mistake('it is nested too deeply', start);
    const node = this.#choice();
    if (this.#peek() === '$') throw this.#mistake('"$" stands at the end; put "\\" before it');
    if (!this.#take(')')) throw this.#mistake('")" is missing for this "("', start);
    this.#depth -= 1;
    return node;
  }

  #escape(start: number): PatternNode {
    const character = this.#next();
    if (character === '') throw this.#mistake('nothing follows "\\"', start);
    const named = CLASSES[character] ?? (character === 'x' ? this.#hexByte(start) : undefined);
    if (named !== undefined) return this.#byte(only(named));
    if (/[A-Za-z0-9]/.test(character)) throw this.#mistake(`"\\${character}" is not known`, start);
    return this.#letter(character);
  }

  #hexByte(start: number): Ranges {
    const digits = /^[0-9a-fA-F]{2}/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0];
    if (digits === undefined) throw this.#mistake('two hex digits follow "\\x"', start);
    this.#at += 2;
    const byte = Number.parseInt(digits, 16);
    return [[byte, byte]];
  }

  #letter(character: string): PatternNode {
    const parts = [...utf8Bytes(character)].map((byte) => this.#byte(only([[byte, byte]])));
    const [first] = parts;
    return parts.length === 1 && first !== undefined ? first : { kind: 'sequence', parts };
  }

  #byte(accepts: Uint8Array): PatternNode {
    this.#positions += 1;
    if (this.#positions > PATTERN_POSITION_LIMIT) {
      throw this.#mistake(`it has more than ${PATTERN_POSITION_LIMIT} letters`);
    }
    return { kind: 'byte', accepts };
  }

  #class(start: number): Uint8Array {
    const negated = this.#take('^');
    const accepts = new Uint8Array(256);
    for (let first = true; first || this.#peek() !== ']'; first = false) this.#classPart(accepts, start);
    this.#at += 1;
    return negated ? accepts.map((accepted) => 1 - accepted) : accepts;
  }

  #classPart(accepts: Uint8Array, start: number): void {
    const from = this.#classLetter(start);
    if (typeof from !== 'number') {
      mark(accepts, from);
      return;
    }
    const dash = this.#at;
    const isRange = this.#peek() === '-' && this.#text[dash + 1] !== ']';
    if (isRange) this.#at += 1;
    const to = isRange ? this.#classLetter(start) : from;
    if (typeof to !== 'number' || to < from) throw this.#mistake('the range ends before it begins', dash);
    mark(accepts, [[from, to]]);
  }

  #classLetter(start: number): number | Ranges {
    const at = this.#at;
    const character = this.#next();
    if (character === '') throw this.#mistake('"]" is missing for this "["', start);
    if (character !== '\\') return this.#ascii(character, at);
    const escaped = this.#next();
    return CLASSES[escaped] ?? this.#ascii(escaped, at);
  }

  #ascii(character: string, at: number): number {
    const code = character.charCodeAt(0);
    if (!(code < 0x80)) throw this.#mistake('between "[" and "]" stand only ASCII characters', at);
    return code;
  }

  #peek(): string {
    return this.#text[this.#at] ?? '';
  }

  #next(): string {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) return '';
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #mistake(message: string, at = this.#at): PatternMistake {
    return new PatternMistake(message, at);
  }
}

type Ranges = readonly (readonly [number, number])[];

const DIGITS: Ranges = [[0x30, 0x39]];
const WORD: Ranges = [...DIGITS, [0x41, 0x5a], [0x61, 0x7a], [0x5f, 0x5f]];
const CLASSES: Readonly<Record<string, Ranges>> = {
  d: DIGITS,
  w: WORD,
  s: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  n: [[0x0a, 0x0a]],
  r: [[0x0d, 0x0d]],
  t: [[0x09, 0x09]],
};

function only(ranges: Ranges): Uint8Array {
  const accepts = new Uint8Array(256);
  mark(accepts, ranges);
  return accepts;
}

function mark(accepts: Uint8Array, ranges: Ranges): void {
  for (const [from, to] of ranges) accepts.fill(1, from, to + 1);
}
