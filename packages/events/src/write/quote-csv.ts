const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const COMMA = 0x2c;
/** `= + - @`: what spreadsheets take for the beginning of a formula. Tab and CR, which do the same, are escaped before. */
const FORMULA: ReadonlySet<number> = new Set([0x3d, 0x2b, 0x2d, 0x40]);

/**
 * Makes a cell of CSV of the text from `start` to `end`, in place, and returns the new end. The text is printable, so it has no line breaks.
 * It takes at most twice its bytes and three more.
 * @see RFC 4180 section 2
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function quoteCsv(out: Uint8Array, start: number, end: number): number {
  const isFormula = start < end && FORMULA.has(out[start] ?? 0);
  let special = isFormula;
  for (let index = start; index < end && !special; index += 1) special = out[index] === QUOTE || out[index] === COMMA;
  if (!special) return end;
  const text = out.slice(start, end);
  let position = start;
  out[position++] = QUOTE;
  if (isFormula) out[position++] = APOSTROPHE;
  for (const byte of text) {
    if (byte === QUOTE) out[position++] = QUOTE;
    out[position++] = byte;
  }
  out[position++] = QUOTE;
  return position;
}
