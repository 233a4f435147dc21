/**
 * The length of the well-formed UTF-8 sequence that starts there: 1 to 4, or 0 when there is none.
 * @see RFC 3629 section 4
 */
export function utf8SequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0xff;
  if (first < 0x80) return 1;
  // The second byte excludes overlong forms, surrogates and code points above U+10FFFF.
  if (first >= 0xc2 && first <= 0xdf) return continues(bytes, at + 1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const second = bytes[at + 1] ?? 0;
    if (first === 0xe0 ? second < 0xa0 : first === 0xed && second > 0x9f) return 0;
    return continues(bytes, at + 1) && continues(bytes, at + 2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const second = bytes[at + 1] ?? 0;
    if (first === 0xf0 ? second < 0x90 : first === 0xf4 && second > 0x8f) return 0;
    return continues(bytes, at + 1) && continues(bytes, at + 2) && continues(bytes, at + 3) ? 4 : 0;
  }
  return 0;
}

/** Whether all of it is well-formed UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length) {
    const length = utf8SequenceLength(bytes, at);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/** The text of UTF-8 bytes. A leading U+FEFF stays; each ill-formed part becomes U+FFFD (WHATWG Encoding, "maximal subpart"). */
export function utf8Text(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

// `ignoreBOM` means that the mark is not treated as one, and so is kept.
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

function continues(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] ?? 0) & 0xc0) === 0x80;
}
