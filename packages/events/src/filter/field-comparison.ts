import { integerCode } from '../row/integer-code.js';
import { sizeCode } from '../row/size-code.js';
import type { FilterContext, FilterField } from './filter-context.js';
import type { ComparisonOperator } from './parse-filter.js';

/** The code that compares two fields of the same record: both numbers, or both text. */
export function fieldComparison(
  context: FilterContext,
  operator: ComparisonOperator,
  at: number,
  left: FilterField,
  right: FilterField,
): string {
  for (const field of [left, right]) {
    if ('fields' in field.type || field.type.kind === 'array') throw context.composite(field);
  }
  if (operator === '=~') throw context.mistake(right.at, 'a pattern is a text in quotes');
  if (left.type.kind === 'string' && right.type.kind === 'string') {
    const places = [
      `${left.offset},${sizeCode(left.type, left.offset)}`,
      `${right.offset},${sizeCode(right.type, right.offset)}`,
    ];
    return `compareTexts(b,${places.join()})${operator}0`;
  }
  // JavaScript compares numbers with BigInts exactly; `==`, unlike `===`, does so too.
  return `${numberCode(context, at, left)}${operator}${numberCode(context, at, right)}`;
}

function numberCode(context: FilterContext, at: number, field: FilterField): string {
  const { type, offset, name } = field;
  switch (type.kind) {
    case 'string':
      throw context.mistake(at, `"${name}" is text, and the other side is not`);
    case 'bool':
      return `(b[${offset}]!==0?1:0)`;
    case 'float':
      return `v.getFloat${type.sizeBytes * 8}(${offset},true)`;
    case 'array':
    case 'struct':
    case 'union':
      throw context.composite(field);
    default:
      return integerCode(type, offset);
  }
}
