import { writeText } from './write-text.js';

/** Writes the digits of a BigInt. */
export function writeBigInt(out: Uint8Array, at: number, value: bigint): number {
  return writeText(out, at, value.toString());
}

/** Writes the digits of a BigInt as a JSON string. */
export function writeQuotedBigInt(out: Uint8Array, at: number, value: bigint): number {
  return writeText(out, at, `"${value}"`);
}

/** Writes a double with the fewest digits that give it back; NaN and the infinities by name. */
export function writeDouble(out: Uint8Array, at: number, value: number): number {
  return writeText(out, at, Object.is(value, -0) ? '-0' : value.toString());
}

/** Writes a double as JSON, which has no word for NaN and the infinities: they become null, as in JavaScript and serde. */
export function writeJsonDouble(out: Uint8Array, at: number, value: number): number {
  return Number.isFinite(value) ? writeDouble(out, at, value) : writeText(out, at, 'null');
}
