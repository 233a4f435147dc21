import type { Conversion } from './conversion.js';

/** A text as wide as it is to be, with spaces. */
export function padded(text: string, { left, width }: Pick<Conversion, 'left' | 'width'>): string {
  return left ? text.padEnd(width) : text.padStart(width);
}

/** A number as wide as it is to be; zeros stand between its prefix, a sign or "0x", and its digits. */
export function paddedNumber(prefix: string, digits: string, zeros: boolean, conversion: Conversion): string {
  const text = zeros && !conversion.left ? digits.padStart(conversion.width - prefix.length, '0') : digits;
  return padded(prefix + text, conversion);
}

/** What stands before a number. */
export function signOf(isNegative: boolean, { plus, space }: Conversion): string {
  return isNegative ? '-' : plus ? '+' : space ? ' ' : '';
}
