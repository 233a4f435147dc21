import { cString } from './c-string.js';

/** Larger tables, those of kernels, are read string by string: of their 100,000 strings some hundred are asked for. */
const TEXT_MAX_BYTES = 256 * 1024;

/** A section of NUL-terminated strings. Where it is all ASCII it is decoded once, as a whole, and each string is a piece of that text. */
export class StringTable {
  readonly bytes: Uint8Array;
  /** As long as the section, so that offsets are the same; empty where strings are to be read one by one. */
  #text: string | undefined;

  /** @param bytes a section that ends with NUL */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The text up to the next NUL; undefined when no NUL follows within `maxBytes`, or the bytes are not UTF-8. */
  at(offsetBytes: number, maxBytes: number): string | undefined {
    this.#text ??= asciiText(this.bytes);
    if (this.#text === '') return cString(this.bytes, offsetBytes, maxBytes);
    // Whoever gets nothing goes no further: a table without NULs is searched to its end once.
    const end = this.#text.indexOf('\0', offsetBytes);
    return end < 0 || end - offsetBytes > maxBytes ? undefined : this.#text.slice(offsetBytes, end);
  }
}

/** In UTF-8, only ASCII has as many characters as bytes. */
function asciiText(bytes: Uint8Array): string {
  if (bytes.length > TEXT_MAX_BYTES) return '';
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return text.length === bytes.length && !text.includes('\ufffd') ? text : '';
}
