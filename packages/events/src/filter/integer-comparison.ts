import { integerCode, integerOf } from '../row/integer-code.js';
import type { BitfieldType, EnumType, IntType, PointerType } from '../value-type.js';
import type { FilterContext } from './filter-context.js';
import type { ComparisonOperator } from './parse-filter.js';

type Operator = Exclude<ComparisonOperator, '=~'>;

/**
 * The code that compares an integer of a record with a value of any size, exactly. Up to 32 bits it is a comparison of numbers, and with 64
 * bits one of two halves, so that no BigInt is made; wider ones, and bitfields of more than 32 bits, are BigInts.
 */
export function integerComparison(
  context: FilterContext,
  type: IntType | PointerType | EnumType | BitfieldType,
  at: string,
  operator: Operator,
  value: bigint,
): string {
  const { bits, signed } = integerOf(type);
  const outside = outsideCode(bits, signed, operator, value);
  if (outside !== undefined) return outside;
  if (bits <= 32) return `${integerCode(type, at)}${STRICT[operator]}${value}`;
  if (bits === 64 && type.kind !== 'bitfield') return halvesCode(signed, at, operator, value);
  return `${integerCode(type, at)}${STRICT[operator]}${context.constant(value)}`;
}

/** What a comparison with a value that the field cannot have always gives. */
function outsideCode(bits: number, signed: boolean, operator: Operator, value: bigint): string | undefined {
  const least = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const most = least + 2n ** BigInt(bits) - 1n;
  if (value >= least && value <= most) return undefined;
  const fieldIsLess = value > most;
  return String(
    operator === '!=' || (operator.startsWith('<') && fieldIsLess) || (operator.startsWith('>') && !fieldIsLess),
  );
}

function halvesCode(signed: boolean, at: string, operator: Operator, value: bigint): string {
  const low = `v.getUint32(${at},true)`;
  const high = `v.get${signed ? 'Int' : 'Uint'}32(${at}+4,true)`;
  const wantedLow = value & 0xffff_ffffn;
  const wantedHigh = value >> 32n;
  if (operator === '==') return `${low}===${wantedLow}&&${high}===${wantedHigh}`;
  if (operator === '!=') return `${low}!==${wantedLow}||${high}!==${wantedHigh}`;
  return `compare64(${high},${low},${wantedHigh},${wantedLow})${operator}0`;
}

const STRICT = { '==': '===', '!=': '!==', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const satisfies Record<
  Operator,
  string
>;
