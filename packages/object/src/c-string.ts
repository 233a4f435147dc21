const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text up to the next NUL; undefined when no NUL follows within `maxBytes`, or the bytes are not UTF-8. */
export function cString(table: Uint8Array, offsetBytes: number, maxBytes: number): string | undefined {
  const bytes = table.subarray(offsetBytes, offsetBytes + maxBytes + 1);
  const end = bytes.indexOf(0);
  if (end < 0) return undefined;
  try {
    return UTF8.decode(bytes.subarray(0, end));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
