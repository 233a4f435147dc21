import { FILTER_DEPTH_LIMIT, FILTER_LENGTH_LIMIT } from '../limits.js';
import { filterMistake } from './filter-mistake.js';
import { type FilterToken, filterTokens } from './filter-tokens.js';

/** What a filter says, before it is known whether the events have such fields. */
export type FilterExpression =
  | { readonly kind: 'or' | 'and'; readonly terms: readonly FilterExpression[] }
  | { readonly kind: 'not'; readonly term: FilterExpression }
  | { readonly kind: 'truth'; readonly operand: FilterOperand }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly at: number;
      readonly left: FilterOperand;
      readonly right: FilterOperand;
    };

/** A field or the name of a value (`path`), a text, or a number. */
export type FilterOperand = Exclude<FilterToken, { kind: 'sign' | 'end' }>;

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '=~';

/**
 * Reads a filter:
 *
 *     or         = and { "||" and }
 *     and        = term { "&&" term }
 *     term       = "!" "(" or ")" | "!" operand | "(" or ")" | operand [ operator operand ]
 *     operand    = field | name of a value | [ "-" ] number | "text" | 'text'
 *     operator   = "==" "!=" "<" "<=" ">" ">=" "=~"
 *
 * @throws EBPM_FILTER_INVALID
 */
export function parseFilter(text: string): FilterExpression {
  if (text.length > FILTER_LENGTH_LIMIT) {
    throw filterMistake(text, FILTER_LENGTH_LIMIT, `it has more than ${FILTER_LENGTH_LIMIT} characters`);
  }
  return new FilterParser(text).parse();
}

class FilterParser {
  readonly #text: string;
  readonly #tokens: readonly FilterToken[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = filterTokens(text);
  }

  parse(): FilterExpression {
    const expression = this.#or();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw this.#mistake(rest, 'a condition is over here', 'Join conditions with && or ||');
    return expression;
  }

  #or(): FilterExpression {
    return this.#joined('or', '||', () => this.#and());
  }

  #and(): FilterExpression {
    return this.#joined('and', '&&', () => this.#term());
  }

  #joined(kind: 'or' | 'and', sign: string, read: () => FilterExpression): FilterExpression {
    const first = read();
    if (!this.#isSign(sign)) return first;
    const terms = [first];
    while (this.#takeSign(sign)) terms.push(read());
    return { kind, terms };
  }

  #term(): FilterExpression {
    if (this.#isSign('(')) return this.#group();
    if (!this.#takeSign('!')) return this.#comparison();
    if (this.#isSign('(')) return { kind: 'not', term: this.#group() };
    const operand = this.#operand();
    const after = this.#peek();
    if (this.#operator(after) !== undefined) {
      throw this.#mistake(after, 'it is not clear what "!" belongs to', 'Write !(a == b), or a != b');
    }
    return { kind: 'not', term: { kind: 'truth', operand } };
  }

  #group(): FilterExpression {
    const open = this.#take();
    this.#depth += 1;
    if (this.#depth > FILTER_DEPTH_LIMIT) throw this.#mistake(open, 'it is nested too deeply');
    const expression = this.#or();
    if (!this.#takeSign(')')) throw this.#mistake(this.#peek(), '")" is missing');
    this.#depth -= 1;
    return expression;
  }

  #comparison(): FilterExpression {
    const left = this.#operand();
    const sign = this.#peek();
    const operator = this.#operator(sign);
    if (operator === undefined) return { kind: 'truth', operand: left };
    this.#take();
    const right = this.#operand();
    const after = this.#peek();
    if (this.#operator(after) !== undefined) {
      throw this.#mistake(after, 'comparisons cannot be chained', 'Write a < b && b < c');
    }
    return { kind: 'comparison', operator, at: sign.at, left, right };
  }

  #operand(): FilterOperand {
    const token = this.#take();
    if (token.kind === 'sign' && token.text === '-') return this.#negative(token.at);
    if (token.kind !== 'sign' && token.kind !== 'end') return token;
    const found = token.kind === 'end' ? 'the filter ends' : `"${token.text}" stands`;
    throw this.#mistake(token, `${found} where a field, a number or a text should be`);
  }

  #negative(at: number): FilterOperand {
    const token = this.#take();
    if (token.kind === 'number') return { ...token, at, text: `-${token.text}`, value: -token.value };
    // `-ENOENT`: the name of a value, its sign turned around.
    if (token.kind === 'path') return { ...token, at, text: `-${token.text}` };
    throw this.#mistake(token, 'a number should follow "-"');
  }

  #operator(token: FilterToken): ComparisonOperator | undefined {
    return token.kind === 'sign' ? OPERATORS.find((operator) => operator === token.text) : undefined;
  }

  #isSign(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'sign' && token.text === text;
  }

  #takeSign(text: string): boolean {
    const found = this.#isSign(text);
    if (found) this.#next += 1;
    return found;
  }

  /** The last token is `end`, and is never passed. */
  #peek(): FilterToken {
    return this.#tokens[this.#next] ?? { kind: 'end', at: this.#text.length, text: '' };
  }

  #take(): FilterToken {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #mistake({ at }: FilterToken, reason: string, advice?: string) {
    return filterMistake(this.#text, at, reason, advice);
  }
}

const OPERATORS: readonly ComparisonOperator[] = ['==', '!=', '<', '<=', '>', '>=', '=~'];
