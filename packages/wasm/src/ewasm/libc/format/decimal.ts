/** What a finite double is, exactly: mantissa times two to the exponent, as a fraction of whole numbers. */
interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A double has no digit behind these: its smallest has 1074 behind the point. */
const MAX_DIGITS = 1100;

/** The digits before the point and `places` behind it, rounded to the nearest, a tie to the even digit. `value` is finite and not negative. */
export function fixedDigits(value: number, places: number): { readonly whole: string; readonly fraction: string } {
  const exact = Math.min(places, MAX_DIGITS);
  const { numerator, denominator } = fractionOf(value);
  const digits = divided(numerator * 10n ** BigInt(exact), denominator)
    .toString()
    .padStart(exact + 1, '0');
  const point = digits.length - exact;
  return { whole: digits.slice(0, point), fraction: digits.slice(point).padEnd(places, '0') };
}

/** The first digit and `places` behind it, and the power of ten of the first. `value` is finite and not negative. */
export function scientificDigits(
  value: number,
  places: number,
): { readonly digits: string; readonly exponent: number } {
  if (value === 0) return { digits: '0'.repeat(places + 1), exponent: 0 };
  const exact = Math.min(places, MAX_DIGITS);
  const fraction = fractionOf(value);
  const exponent = tenthPower(value, fraction);
  const digits = scaled(fraction, exact - exponent).toString();
  // Rounding 9.99 up makes a digit more.
  const carried = digits.length > exact + 1;
  return {
    digits: (carried ? digits.slice(0, -1) : digits).padEnd(places + 1, '0'),
    exponent: carried ? exponent + 1 : exponent,
  };
}

function fractionOf(value: number): Fraction {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const biased = Number((bits.getBigUint64(0) >> 52n) & 0x7ffn);
  const stored = bits.getBigUint64(0) & 0xfffffffffffffn;
  const mantissa = biased === 0 ? stored : stored | (1n << 52n);
  const exponent = biased === 0 ? -1074 : biased - 1075;
  return exponent >= 0
    ? { numerator: mantissa << BigInt(exponent), denominator: 1n }
    : { numerator: mantissa, denominator: 1n << BigInt(-exponent) };
}

/** The power of ten of its first digit: the logarithm is near, and comparing is exact. */
function tenthPower(value: number, { numerator, denominator }: Fraction): number {
  let power = Math.floor(Math.log10(value));
  const reaches = (tens: number) =>
    tens >= 0 ? numerator >= denominator * 10n ** BigInt(tens) : numerator * 10n ** BigInt(-tens) >= denominator;
  while (!reaches(power)) power -= 1;
  while (reaches(power + 1)) power += 1;
  return power;
}

function scaled({ numerator, denominator }: Fraction, tens: number): bigint {
  return tens >= 0
    ? divided(numerator * 10n ** BigInt(tens), denominator)
    : divided(numerator, denominator * 10n ** BigInt(-tens));
}

/** To the nearest, a tie to the even one. */
function divided(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}
