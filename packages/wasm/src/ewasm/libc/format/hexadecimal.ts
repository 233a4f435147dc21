const FRACTION_DIGITS = 13;

/** %a without sign and "0x": a digit, the fraction's 52 bits or what of them the precision keeps, and the power of two. `value` is finite and not negative. */
export function hexadecimalDigits(value: number, precision: number | undefined, point: boolean): string {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const biased = Number((bits.getBigUint64(0) >> 52n) & 0x7ffn);
  const stored = bits.getBigUint64(0) & 0xfffffffffffffn;
  const mantissa = biased === 0 ? stored : stored | (1n << 52n);
  const exponent = value === 0 ? 0 : biased === 0 ? -1022 : biased - 1023;
  const kept = rounded(mantissa, precision ?? FRACTION_DIGITS)
    .toString(16)
    .padStart(FRACTION_DIGITS + 1, '0');
  const fraction = kept.slice(1);
  const shown =
    precision === undefined ? fraction.replace(/0+$/, '') : fraction.padEnd(precision, '0').slice(0, precision);
  const dot = shown !== '' || point ? '.' : '';
  return `${kept.slice(0, 1)}${dot}${shown}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

/** A tie goes to the even digit. */
function rounded(mantissa: bigint, digits: number): bigint {
  if (digits >= FRACTION_DIGITS) return mantissa;
  const unit = 1n << BigInt((FRACTION_DIGITS - digits) * 4);
  const rest = mantissa % unit;
  const down = mantissa - rest;
  const isUp = rest * 2n > unit || (rest * 2n === unit && (down / unit) % 2n === 1n);
  return isUp ? down + unit : down;
}
