import { writeUint32 } from './write-integer.js';
import { writeText } from './write-text.js';

const POINT = 0x2e;

/** Writes four bytes as an IPv4 address. */
export function writeAddress4Text(out: Uint8Array, at: number, bytes: Uint8Array, from: number): number {
  let position = writeUint32(out, at, bytes[from] ?? 0);
  for (let index = 1; index < 4; index += 1) {
    out[position++] = POINT;
    position = writeUint32(out, position, bytes[from + index] ?? 0);
  }
  return position;
}

/**
 * Writes sixteen bytes as an IPv6 address.
 * @see RFC 5952 section 4: lower case, no leading zeros, `::` for the first longest run of at least two zero groups; section 5: an IPv4
 *      address that is mapped into IPv6 keeps its points
 */
export function writeAddress16Text(out: Uint8Array, at: number, bytes: Uint8Array, from: number): number {
  const groups = Array.from(
    { length: 8 },
    (_, index) => (bytes[from + index * 2] ?? 0) * 256 + (bytes[from + index * 2 + 1] ?? 0),
  );
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return writeAddress4Text(out, writeText(out, at, '::ffff:'), bytes, from + 12);
  }
  const [start, end] = longestZeros(groups);
  const hex = (list: readonly number[]): string => list.map((group) => group.toString(16)).join(':');
  if (end - start < 2) return writeText(out, at, hex(groups));
  return writeText(out, at, `${hex(groups.slice(0, start))}::${hex(groups.slice(end))}`);
}

function longestZeros(groups: readonly number[]): readonly [start: number, end: number] {
  let best: readonly [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start += 1) {
    let end = start;
    while (groups[end] === 0) end += 1;
    if (end - start > best[1] - best[0]) best = [start, end];
  }
  return best;
}
