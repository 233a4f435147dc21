import type { Conversion } from './conversion.js';
import { paddedNumber, signOf } from './padded.js';
import type { VariableArguments } from './variable-arguments.js';

/** Bits of what a length names; a long has 32 here. */
const BITS: Readonly<Record<string, number>> = { hh: 8, h: 16, ll: 64, j: 64 };

/** %d, %i, %u, %o, %x and %X. */
export function integerText(conversion: Conversion, args: VariableArguments): string {
  const { letter, length, alternate, precision, zero } = conversion;
  const bits = BITS[length] ?? 32;
  const value = bits === 64 ? args.i64() : BigInt(args.i32());
  const isSigned = letter === 'd' || letter === 'i';
  const number = isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  const isNegative = number < 0n;
  const digits = digitsOf(isNegative ? -number : number, conversion);
  const isHex = letter.toLowerCase() === 'x';
  const prefix = isSigned ? signOf(isNegative, conversion) : alternate && isHex && number !== 0n ? `0${letter}` : '';
  return paddedNumber(prefix, digits, zero && precision === undefined, conversion);
}

function digitsOf(number: bigint, { letter, precision, alternate }: Conversion): string {
  const radix = letter === 'o' ? 8 : letter.toLowerCase() === 'x' ? 16 : 10;
  const text = number === 0n && precision === 0 ? '' : number.toString(radix);
  const digits = text.padStart(precision ?? 1, '0');
  const octal = letter === 'o' && alternate && !digits.startsWith('0') ? `0${digits}` : digits;
  return letter === 'X' ? octal.toUpperCase() : octal;
}
