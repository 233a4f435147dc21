import { PatternMistake } from '../pattern/parse-pattern.js';
import { TextPattern } from '../pattern/text-pattern.js';
import { integerCode } from '../row/integer-code.js';
import { sizeCode } from '../row/size-code.js';
import type { StringType } from '../value-type.js';
import type { FilterContext, FilterField } from './filter-context.js';
import { filterText } from './filter-text.js';
import { integerComparison } from './integer-comparison.js';
import type { ComparisonOperator, FilterOperand } from './parse-filter.js';
import { namedValue, namesOf } from './value-names.js';

/** The code that compares a field with a value of the filter. `at` is where the operator stands. */
export function valueComparison(
  context: FilterContext,
  operator: ComparisonOperator,
  at: number,
  field: FilterField,
  value: FilterOperand,
): string {
  const { type, offset, name } = field;
  if (type.kind === 'string') return textComparison(context, operator, { ...field, type }, value);
  if (type.kind === 'array' || 'fields' in type) throw context.composite(field);
  if (operator === '=~') throw context.mistake(at, `"${name}" is no text, and patterns are found in text only`);
  if (type.kind === 'float') return floatComparison(context, operator, field, value);
  if (type.kind === 'bool') return boolComparison(context, operator, at, field, `b[${offset}]`, value);
  if (type.kind === 'bitfield' && type.of.kind === 'bool') {
    return boolComparison(context, operator, at, field, integerCode(type, offset), value);
  }
  return integerComparison(context, type, offset, operator, integerValue(context, field, value));
}

function textComparison(
  context: FilterContext,
  operator: ComparisonOperator,
  { name, type, offset }: FilterField & { readonly type: StringType },
  value: FilterOperand,
): string {
  if (value.kind !== 'text') {
    throw context.mistake(value.at, `"${name}" is text`, `Write ${name} ${operator} "${value.text}"`);
  }
  const place = `b,${offset},${sizeCode(type, offset)}`;
  if (operator === '=~') return `matchText(${place},${context.constant(textPattern(context, value))})`;
  const text = context.constant(filterText(context.text, value));
  if (operator === '==') return `equalsText(${place},${text})`;
  if (operator === '!=') return `!equalsText(${place},${text})`;
  return `compareText(${place},${text})${operator}0`;
}

function textPattern(context: FilterContext, { text, at }: FilterOperand): TextPattern {
  try {
    return new TextPattern(text);
  } catch (error) {
    if (!(error instanceof PatternMistake)) throw error;
    throw context.mistake(at + 1 + error.at, `in the pattern, ${error.message}`);
  }
}

function floatComparison(
  context: FilterContext,
  operator: Exclude<ComparisonOperator, '=~'>,
  { name, type, offset }: FilterField,
  value: FilterOperand,
): string {
  if (value.kind !== 'number') throw context.mistake(value.at, `"${name}" is a number`);
  // The nearest that the field can hold, so that 0.1 is found in a float.
  const wanted = type.sizeBytes === 4 ? Math.fround(Number(value.value)) : Number(value.value);
  return `v.getFloat${type.sizeBytes * 8}(${offset},true)${operator}${context.constant(wanted)}`;
}

function boolComparison(
  context: FilterContext,
  operator: Exclude<ComparisonOperator, '=~'>,
  at: number,
  { name }: FilterField,
  code: string,
  value: FilterOperand,
): string {
  if (operator !== '==' && operator !== '!=') {
    throw context.mistake(at, `"${name}" is true or false, not more or less`);
  }
  const wanted = value.kind === 'text' ? undefined : BOOLS.get(value.text);
  if (wanted === undefined) throw context.mistake(value.at, `"${name}" is true or false`, `Write ${name}, or !${name}`);
  return `${code}${wanted === (operator === '==') ? '!==' : '==='}0`;
}

const BOOLS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** The value that an integer or an enum is compared with: a number, or a name. */
function integerValue(context: FilterContext, field: FilterField, value: FilterOperand): bigint {
  const { name } = field;
  if (value.kind === 'number') {
    if (typeof value.value === 'bigint') return value.value;
    throw context.mistake(value.at, `"${name}" is a whole number, and ${value.text} is none`);
  }
  const named = namedValue(context.record, field, value.text, context.options);
  if (named !== undefined) return named;
  const names = namesOf(field);
  if (names.length > 0) {
    throw context.mistake(value.at, `"${name}" has no value "${value.text}"`, `Values: ${names.join(', ')}`);
  }
  if (value.kind === 'path') throw context.unknownField(value);
  throw context.mistake(value.at, `"${name}" is a number`);
}
