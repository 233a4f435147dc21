const SPACE = 0x20;
const NEWLINE = 0x0a;
const COLON = 0x3a;
const POINT = 0x2e;
const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** Bytes on a line. */
const LINE_BYTES = 16;
/** `00000000: `, 8 groups of 4 digits and a space, a space, 16 characters, a newline. */
const LINE_TEXT = 10 + 8 * 5 + 1 + LINE_BYTES + 1;

/** The most bytes that `writeHexDump` writes for each byte, and besides. */
export const HEX_DUMP_BYTES = { perByte: Math.ceil(LINE_TEXT / LINE_BYTES), besides: LINE_TEXT } as const;

/**
 * Writes bytes as `xxd` does:
 *
 *     00000000: 2c03 0000 0100 0000 0900 0000 6261 7368  ,...........bash
 */
export function writeHexDump(out: Uint8Array, at: number, bytes: Uint8Array, from: number, length: number): number {
  let position = at;
  for (let line = 0; line < length; line += LINE_BYTES) {
    const count = Math.min(LINE_BYTES, length - line);
    position = writeOffset(out, position, line);
    for (let index = 0; index < LINE_BYTES; index += 1) {
      position = writeByte(out, position, index < count ? bytes[from + line + index] : undefined);
      if (index % 2 === 1) out[position++] = SPACE;
    }
    out[position++] = SPACE;
    for (let index = 0; index < count; index += 1) {
      const byte = bytes[from + line + index] ?? 0;
      out[position++] = byte >= SPACE && byte < 0x7f ? byte : POINT;
    }
    out[position++] = NEWLINE;
  }
  return position;
}

function writeOffset(out: Uint8Array, at: number, offset: number): number {
  let position = at;
  for (let shift = 28; shift >= 0; shift -= 4) out[position++] = DIGITS[(offset >>> shift) & 15] ?? 0;
  out[position++] = COLON;
  out[position++] = SPACE;
  return position;
}

function writeByte(out: Uint8Array, at: number, byte: number | undefined): number {
  out[at] = byte === undefined ? SPACE : (DIGITS[byte >>> 4] ?? 0);
  out[at + 1] = byte === undefined ? SPACE : (DIGITS[byte & 15] ?? 0);
  return at + 2;
}
