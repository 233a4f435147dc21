import { clipText } from '../layout/column-count.js';
import { utf8Text } from '../utf8.js';
import { writeText } from './write-text.js';

/** Cuts what was written from `start` to `end` to so many terminal columns, with an ellipsis at the end, and returns the new end. */
export function clipCell(out: Uint8Array, start: number, end: number, columns: number): number {
  // No character takes more columns than bytes.
  if (end - start <= columns) return end;
  const text = utf8Text(out.subarray(start, end));
  const clipped = clipText(text, columns);
  return clipped === text ? end : writeText(out, start, clipped);
}

/** The same for the rest of a line, whose last spaces do not count. */
export function clipLine(out: Uint8Array, start: number, end: number, columns: number): number {
  let last = end;
  while (last > start && out[last - 1] === SPACE) last -= 1;
  return clipCell(out, start, last, columns);
}

const SPACE = 0x20;
