import type { TextPattern } from '../pattern/text-pattern.js';
import { readBits, readSignedBits, readSignedWideBits, readWideBits } from '../write/bits.js';

/** Compares two 64-bit numbers by their high and low halves: negative, 0 or positive. */
function compare64(high: number, low: number, otherHigh: number, otherLow: number): number {
  return high === otherHigh ? low - otherLow : high - otherHigh;
}

/** Where a C string ends: at its NUL, or at the end of its field. */
function textEnd(bytes: Uint8Array, at: number, sizeBytes: number): number {
  const end = at + sizeBytes;
  for (let index = at; index < end; index += 1) if (bytes[index] === 0) return index;
  return end;
}

/** Whether a C string in a field has exactly these bytes. */
function equalsText(bytes: Uint8Array, at: number, sizeBytes: number, text: Uint8Array): boolean {
  const { length } = text;
  if (length > sizeBytes) return false;
  for (let index = 0; index < length; index += 1) if (bytes[at + index] !== text[index]) return false;
  return length === sizeBytes || bytes[at + length] === 0;
}

/** Compares a C string in a field with bytes, byte by byte: negative, 0 or positive. */
function compareText(bytes: Uint8Array, at: number, sizeBytes: number, text: Uint8Array): number {
  return compareBytes(bytes, at, textEnd(bytes, at, sizeBytes), text, 0, text.length);
}

/** Compares two C strings in fields of the same record. */
function compareTexts(bytes: Uint8Array, at: number, size: number, otherAt: number, otherSize: number): number {
  return compareBytes(bytes, at, textEnd(bytes, at, size), bytes, otherAt, textEnd(bytes, otherAt, otherSize));
}

/** Whether a pattern is found in a C string. */
function matchText(bytes: Uint8Array, at: number, sizeBytes: number, pattern: TextPattern): boolean {
  return pattern.test(bytes, at, textEnd(bytes, at, sizeBytes));
}

function compareBytes(
  bytes: Uint8Array,
  at: number,
  end: number,
  other: Uint8Array,
  otherAt: number,
  otherEnd: number,
): number {
  const shared = Math.min(end - at, otherEnd - otherAt);
  for (let index = 0; index < shared; index += 1) {
    const difference = (bytes[at + index] ?? 0) - (other[otherAt + index] ?? 0);
    if (difference !== 0) return difference;
  }
  return end - at - (otherEnd - otherAt);
}

/** All that a generated filter can call. */
export const FILTER_FUNCTIONS = {
  compare64,
  compareText,
  compareTexts,
  equalsText,
  matchText,
  readBits,
  readSignedBits,
  readSignedWideBits,
  readWideBits,
} as const;
