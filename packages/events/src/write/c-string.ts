/** The bytes of a C string in a field: up to the first NUL, or all of it where there is none. */
export function cString(bytes: Uint8Array, at: number, sizeBytes: number): Uint8Array {
  const field = bytes.subarray(at, at + sizeBytes);
  const end = field.indexOf(0);
  return end === -1 ? field : field.subarray(0, end);
}
