// Decimal digits of integers, written as ASCII into a buffer that has room for them. Each function returns the position after the last
// digit. 64-bit values come as two halves, so that no BigInt is made: they are taken apart in base 10^9, and every step stays below
// 2^53, where doubles are exact.

const BILLION = 1_000_000_000;
const MINUS = 0x2d;
const ZERO = 0x30;

/** Writes 0 to 2^32 - 1. */
export function writeUint32(out: Uint8Array, at: number, value: number): number {
  const end = at + digitCount(value);
  writeDigits(out, at, end, value);
  return end;
}

/** Writes -2^31 to 2^31 - 1. */
export function writeInt32(out: Uint8Array, at: number, value: number): number {
  if (value >= 0) return writeUint32(out, at, value);
  out[at] = MINUS;
  return writeUint32(out, at + 1, -value);
}

/** Writes a 64-bit unsigned integer, given as its low and high 32 bits (both unsigned). */
export function writeUint64(out: Uint8Array, at: number, low: number, high: number): number {
  if (high === 0) return writeUint32(out, at, low);
  // Long division by 10^9, 16 bits at a time after the first step.
  const first = Math.floor(high / BILLION);
  const second = (high - first * BILLION) * 0x1_0000 + (low >>> 16);
  const secondQuotient = Math.floor(second / BILLION);
  const third = (second - secondQuotient * BILLION) * 0x1_0000 + (low & 0xffff);
  const thirdQuotient = Math.floor(third / BILLION);
  const billions = first * 0x1_0000_0000 + secondQuotient * 0x1_0000 + thirdQuotient;
  const start = writeBillions(out, at, billions);
  writeDigits(out, start, start + 9, third - thirdQuotient * BILLION);
  return start + 9;
}

/** Writes a 64-bit signed integer, given as its low 32 bits (unsigned) and its high 32 bits (signed). */
export function writeInt64(out: Uint8Array, at: number, low: number, high: number): number {
  if (high >= 0) return writeUint64(out, at, low, high);
  out[at] = MINUS;
  return writeUint64(out, at + 1, -low >>> 0, low === 0 ? -high : ~high);
}

/** Writes a number of at most 2^64 / 10^9, so two groups of digits. */
function writeBillions(out: Uint8Array, at: number, value: number): number {
  const top = Math.floor(value / BILLION);
  if (top === 0) return writeUint32(out, at, value);
  const start = writeUint32(out, at, top);
  writeDigits(out, start, start + 9, value - top * BILLION);
  return start + 9;
}

/** Fills the places from `start` to `end`, with zeros on the left where the number is short. */
function writeDigits(out: Uint8Array, start: number, end: number, value: number): void {
  let rest = value >>> 0;
  for (let at = end - 1; at >= start; at -= 1) {
    const quotient = (rest / 10) >>> 0;
    out[at] = ZERO + (rest - quotient * 10);
    rest = quotient;
  }
}

function digitCount(value: number): number {
  if (value < 100_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1_000 ? 3 : value < 10_000 ? 4 : 5;
  if (value < 10_000_000) return value < 1_000_000 ? 6 : 7;
  return value < 100_000_000 ? 8 : value < BILLION ? 9 : 10;
}
