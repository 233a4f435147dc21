/** Whether zlib refused what it was given: its errors have codes such as Z_DATA_ERROR (https://nodejs.org/api/zlib.html#zlib-constants). */
export function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
