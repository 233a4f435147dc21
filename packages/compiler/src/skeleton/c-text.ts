/** A string literal of C for any text: what is not a plain letter is escaped by its bytes. */
export function cString(text: string): string {
  return `"${cBytes(new TextEncoder().encode(text))}"`;
}

/** The inside of a string literal of C for bytes. Three octal digits end an escape whatever follows. */
export function cBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += isPlain(byte) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return text;
}

/** Letters, digits and signs without a meaning in literals; a question mark may begin a trigraph. */
function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
}
