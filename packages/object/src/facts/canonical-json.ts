/**
 * The one text of a value of objects, lists, texts, whole numbers and booleans: keys by code units, no blanks, so that equal values have
 * equal bytes on every machine (RFC 8785 for these kinds of values). No key may look like a number.
 * @see https://www.rfc-editor.org/rfc/rfc8785
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortedKeys(value));
}

/** A copy whose keys are in the order in which they are written. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const source = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(source).sort()) copy[key] = sortedKeys(source[key]);
  return copy;
}
