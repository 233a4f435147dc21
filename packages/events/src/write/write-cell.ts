import { columnCount } from '../layout/column-count.js';
import { printableBytes } from '../printable.js';
import { utf8Text } from '../utf8.js';
import { cString } from './c-string.js';
import { writeText } from './write-text.js';

const SPACE = 0x20;
const BACKSLASH = 0x5c;

/** Writes spaces up to `target`, at least one. */
export function padTo(out: Uint8Array, at: number, target: number): number {
  let position = at;
  do out[position++] = SPACE;
  while (position < target);
  return position;
}

/** Moves what was written from `start` to `end` to the right, so that it ends at `target`; leaves it where it reaches further. */
export function alignRight(out: Uint8Array, start: number, end: number, target: number): number {
  if (end >= target) return end;
  const shift = target - end;
  for (let index = end - 1; index >= start; index -= 1) out[index + shift] = out[index] ?? SPACE;
  for (let index = start; index < start + shift; index += 1) out[index] = SPACE;
  return target;
}

/** Writes a char array as text for a terminal. */
export function writePrintable(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  from: number,
  sizeBytes: number,
): number {
  let position = at;
  for (let index = from; index < from + sizeBytes; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === 0) break;
    if (byte < SPACE || byte > 0x7e || byte === BACKSLASH) {
      return writeText(out, at, printableBytes(cString(bytes, from, sizeBytes)));
    }
    out[position++] = byte;
  }
  return position;
}

/** How many bytes more than terminal columns were written from `start` to `end`: 0 for ASCII. */
export function excessBytes(out: Uint8Array, start: number, end: number): number {
  for (let index = start; index < end; index += 1) {
    if ((out[index] ?? 0) > 0x7e) return end - start - columnCount(utf8Text(out.subarray(start, end)));
  }
  return 0;
}

/** Ends a line after its last character that is not a space. */
export function endLine(out: Uint8Array, start: number, end: number): number {
  let position = end;
  while (position > start && out[position - 1] === SPACE) position -= 1;
  out[position] = 0x0a;
  return position + 1;
}
