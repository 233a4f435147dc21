import type { ArrayType, StringType } from '../value-type.js';

/**
 * The code of how many bytes a text or an array has: a number, or for a flexible array what is left of the record, which has `n`
 * bytes from `o` on. `at` is the code of its offset in `b`.
 */
export function sizeCode(type: StringType | ArrayType, at: string): string {
  return type.flexible === true ? `(o+n-(${at}))` : String(type.sizeBytes);
}
