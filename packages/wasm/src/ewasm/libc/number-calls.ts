import type { WasmFunction } from '../../engine.js';
import { cString } from './c-string.js';
import { isSpace } from './character-calls.js';
import type { Libc } from './libc-imports.js';

const MINUS = 45;
const PLUS = 43;
const ZERO = 48;

export function numberCalls({ memory }: Libc): Readonly<Record<string, WasmFunction>> {
  const read = (string: number, base: number) => readNumber(cString(memory, string), base);
  const putEnd = (end: number, string: number, bytes: number) => {
    if (end !== 0) memory.setU32(end, (string >>> 0) + bytes);
  };
  return {
    atoi: (string: number) => toLong(read(string, 10).value),
    strtol: (string: number, end: number, base: number) => {
      const { value, bytes } = read(string, base);
      putEnd(end, string, bytes);
      return toLong(value);
    },
    strtoul: (string: number, end: number, base: number) => {
      const { value, bytes } = read(string, base);
      putEnd(end, string, bytes);
      // A minus is taken modulo 2^32, and what is too large becomes the largest.
      return Math.abs(value) > 0xffffffff ? -1 : value | 0;
    },
  };
}

/** As strtol(3) reads it: spaces, a sign, a prefix where the base allows it, digits. Where there is no number, no byte of it was read. */
function readNumber(text: Uint8Array, base: number): { readonly value: number; readonly bytes: number } {
  const none = { value: 0, bytes: 0 };
  if (base < 0 || base === 1 || base > 36) return none;
  let at = text.findIndex((byte) => !isSpace(byte));
  if (at < 0) return none;
  const isNegative = text[at] === MINUS;
  if (isNegative || text[at] === PLUS) at += 1;
  const isHex = text[at] === ZERO && ((text[at + 1] ?? 0) | 32) === 0x78 && digitOf(text[at + 2]) < 16;
  const radix = base !== 0 ? base : isHex ? 16 : text[at] === ZERO ? 8 : 10;
  if (radix === 16 && isHex) at += 2;
  const start = at;
  let value = 0;
  for (; digitOf(text[at]) < radix; at += 1)
    value = Math.min(value * radix + digitOf(text[at]), Number.MAX_SAFE_INTEGER);
  return at === start ? none : { value: isNegative ? -value : value, bytes: at };
}

/** 99 for what is no digit of any base. */
function digitOf(byte = 0): number {
  if (byte >= ZERO && byte <= 57) return byte - ZERO;
  const letter = byte | 32;
  return letter >= 97 && letter <= 122 ? letter - 97 + 10 : 99;
}

/** The nearest that a long of 32 bits holds. */
function toLong(value: number): number {
  return Math.max(-0x80000000, Math.min(0x7fffffff, value));
}
