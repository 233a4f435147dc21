import type { WasmFunction } from '../../engine.js';

/** In the locale "C", which knows ASCII alone. */
export function characterCalls(): Readonly<Record<string, WasmFunction>> {
  const is = (test: (byte: number) => boolean) => (byte: number) => (test(byte) ? 1 : 0);
  return {
    isupper: is(isUpper),
    isalpha: is(isAlpha),
    isdigit: is(isDigit),
    isalnum: is((byte) => isAlpha(byte) || isDigit(byte)),
    isxdigit: is((byte) => isDigit(byte) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102)),
    isspace: is(isSpace),
    isgraph: is((byte) => byte > 32 && byte < 127),
    isprint: is((byte) => byte >= 32 && byte < 127),
    tolower: (byte: number) => (isUpper(byte) ? byte + 32 : byte),
    toupper: (byte: number) => (isLower(byte) ? byte - 32 : byte),
  };
}

/** Space, and what moves on the page: tab, newline, vertical tab, form feed, carriage return. */
export function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

function isUpper(byte: number): boolean {
  return byte >= 65 && byte <= 90;
}

function isLower(byte: number): boolean {
  return byte >= 97 && byte <= 122;
}

function isAlpha(byte: number): boolean {
  return isUpper(byte) || isLower(byte);
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}
