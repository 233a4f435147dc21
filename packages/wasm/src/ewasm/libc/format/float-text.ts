import type { Conversion } from './conversion.js';
import { fixedDigits, scientificDigits } from './decimal.js';
import { hexadecimalDigits } from './hexadecimal.js';
import { padded, paddedNumber, signOf } from './padded.js';

const DEFAULT_PRECISION = 6;

/** %f, %e, %g and %a; their capitals write capital letters. */
export function floatText(conversion: Conversion, value: number): string {
  const isUpper = conversion.letter < 'a';
  const isNegative = value < 0 || Object.is(value, -0);
  const sign = signOf(isNegative, conversion);
  if (!Number.isFinite(value)) {
    const word = Number.isNaN(value) ? 'nan' : 'inf';
    return padded(sign + (isUpper ? word.toUpperCase() : word), conversion);
  }
  const isHexadecimal = conversion.letter.toLowerCase() === 'a';
  const digits = digitsOf(Math.abs(value), conversion);
  const text = paddedNumber(isHexadecimal ? `${sign}0x` : sign, digits, conversion.zero, conversion);
  return isUpper ? text.toUpperCase() : text;
}

function digitsOf(value: number, { letter, precision: given, alternate }: Conversion): string {
  const precision = given ?? DEFAULT_PRECISION;
  switch (letter.toLowerCase()) {
    case 'f':
      return fixed(value, precision, alternate);
    case 'e':
      return scientific(value, precision, alternate);
    case 'g':
      return general(value, precision, alternate);
    default:
      return hexadecimalDigits(value, given, alternate);
  }
}

function fixed(value: number, precision: number, point: boolean): string {
  const { whole, fraction } = fixedDigits(value, precision);
  return precision > 0 || point ? `${whole}.${fraction}` : whole;
}

function scientific(value: number, precision: number, point: boolean): string {
  const { digits, exponent } = scientificDigits(value, precision);
  const mantissa = precision > 0 || point ? `${digits.slice(0, 1)}.${digits.slice(1)}` : digits;
  const power = Math.abs(exponent).toString().padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${power}`;
}

/** The shorter of both, by the exponent that %e would show; zeros at the end are left out unless "#" wants them. */
function general(value: number, wanted: number, alternate: boolean): string {
  const precision = Math.max(wanted, 1);
  const { exponent } = scientificDigits(value, precision - 1);
  const isFixed = exponent >= -4 && exponent < precision;
  const text = isFixed
    ? fixed(value, precision - 1 - exponent, alternate)
    : scientific(value, precision - 1, alternate);
  return alternate || !text.includes('.') ? text : text.replace(/\.?0*(e.*)?$/, '$1');
}
