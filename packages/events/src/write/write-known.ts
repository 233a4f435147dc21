import type { NameTable } from '../known/name-table.js';
import { writeAddress4Text, writeAddress16Text } from './write-address.js';
import { writeInt64, writeUint32, writeUint64 } from './write-integer.js';
import { writeBytes } from './write-text.js';

const POINT = 0x2e;
const ZERO = 0x30;
const MINUS = 0x2d;

/** Writes the name of a number that comes as two halves (`high` signed for signed numbers), or the number where it has none. */
export function writeName(out: Uint8Array, at: number, low: number, high: number, names: NameTable): number {
  const text = high === 0 ? names.text(low) : high === -1 ? names.text(low - 0x1_0000_0000) : undefined;
  if (text !== undefined) return writeBytes(out, at, text);
  return high < 0 ? writeInt64(out, at, low, high) : writeUint64(out, at, low, high);
}

/** Writes a time with a unit that suits its size and three places: `999ns`, `1.234us`, `12.000ms`, `3600.123s`. */
export function writeDuration(out: Uint8Array, at: number, value: number, unitNs: number): number {
  if (value < 0) {
    out[at] = MINUS;
    return writeDuration(out, at + 1, -value, unitNs);
  }
  const ns = value * unitNs;
  if (ns < 1_000) return writeUnit(writeUint32(out, at, ns), out, NS);
  if (ns < 1_000_000) return writeUnit(writeThousandths(out, at, ns), out, US);
  if (ns < 1_000_000_000) return writeUnit(writeThousandths(out, at, ns / 1_000), out, MS);
  return writeUnit(writeThousandths(out, at, ns / 1_000_000), out, S);
}

/** Writes an IPv4 address, which stands in network order. */
export function writeAddress4(out: Uint8Array, at: number, bytes: Uint8Array, from: number): number {
  return writeAddress4Text(out, at, bytes, from);
}

/** AF_INET. @see https://github.com/torvalds/linux/blob/v6.12/include/linux/socket.h */
const AF_INET = 2;

/**
 * Writes what 16 bytes in network order hold: for the family AF_INET an IPv4 address, which is either mapped into IPv6 or in the first four
 * bytes; else an IPv6 address.
 */
export function writeAddress16(out: Uint8Array, at: number, bytes: Uint8Array, from: number, family: number): number {
  if (family !== AF_INET) return writeAddress16Text(out, at, bytes, from);
  return writeAddress4Text(out, at, bytes, isMapped(bytes, from) ? from + 12 : from);
}

function isMapped(bytes: Uint8Array, from: number): boolean {
  for (let index = 0; index < 10; index += 1) if (bytes[from + index] !== 0) return false;
  return bytes[from + 10] === 0xff && bytes[from + 11] === 0xff;
}

const NS = Uint8Array.of(0x6e, 0x73);
const US = Uint8Array.of(0x75, 0x73);
const MS = Uint8Array.of(0x6d, 0x73);
const S = Uint8Array.of(0x73);

function writeUnit(at: number, out: Uint8Array, unit: Uint8Array): number {
  return writeBytes(out, at, unit);
}

/** Writes a number of thousandths; what is smaller is cut off. */
function writeThousandths(out: Uint8Array, at: number, thousandths: number): number {
  const whole = Math.floor(thousandths / 1_000);
  const rest = Math.floor(thousandths) % 1_000;
  let position = writeUint64(out, at, whole % 0x1_0000_0000, Math.floor(whole / 0x1_0000_0000));
  out[position++] = POINT;
  out[position++] = ZERO + Math.floor(rest / 100);
  out[position++] = ZERO + (Math.floor(rest / 10) % 10);
  out[position++] = ZERO + (rest % 10);
  return position;
}
