import { sizeCode } from '../row/size-code.js';
import { fieldComparison } from './field-comparison.js';
import type { FilterContext } from './filter-context.js';
import { integerComparison } from './integer-comparison.js';
import type { FilterExpression, FilterOperand } from './parse-filter.js';
import { valueComparison } from './value-comparison.js';

/**
 * The code of a condition over `b`, `v`, `o` and `n`.
 *
 * @throws EBPM_FILTER_INVALID for what makes no sense for the record
 */
export function filterCode(context: FilterContext, expression: FilterExpression): string {
  switch (expression.kind) {
    case 'or':
    case 'and': {
      const terms = expression.terms.map((term) => filterCode(context, term));
      return `(${terms.join(expression.kind === 'or' ? '||' : '&&')})`;
    }
    case 'not':
      return `!${filterCode(context, expression.term)}`;
    case 'truth':
      return `(${truthCode(context, expression.operand)})`;
    case 'comparison':
      return `(${comparisonCode(context, expression)})`;
  }
}

type Comparison = Extract<FilterExpression, { kind: 'comparison' }>;

function comparisonCode(context: FilterContext, { operator, at, left, right }: Comparison): string {
  const leftField = context.field(left);
  const rightField = context.field(right);
  if (leftField !== undefined && rightField !== undefined) {
    return fieldComparison(context, operator, at, leftField, rightField);
  }
  if (leftField !== undefined) return valueComparison(context, operator, at, leftField, right);
  if (rightField !== undefined && operator !== '=~') {
    return valueComparison(context, TURNED[operator], at, rightField, left);
  }
  if (left.kind === 'path') throw context.unknownField(left);
  throw context.mistake(left.at, 'a field of the event should stand here');
}

/** What an operator becomes when its sides change places. */
const TURNED = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** A field alone: a bool that is true, a number that is not 0, a text that is not empty. */
function truthCode(context: FilterContext, operand: FilterOperand): string {
  const field = context.field(operand);
  if (field === undefined) {
    const { kind, text, at } = operand;
    if (kind !== 'path')
      throw context.mistake(at, 'a value alone is no condition', 'Compare it with a field: pid == 1');
    if (text === 'true' || text === 'false') return text;
    throw context.unknownField(operand);
  }
  const { type, offset } = field;
  switch (type.kind) {
    case 'string':
      return `(${sizeCode(type, offset)}>0&&b[${offset}]!==0)`;
    case 'float':
      return `v.getFloat${type.sizeBytes * 8}(${offset},true)!==0`;
    case 'bool':
      return `b[${offset}]!==0`;
    case 'array':
    case 'struct':
    case 'union':
      throw context.composite(field);
    default:
      return integerComparison(context, type, offset, '!=', 0n);
  }
}
