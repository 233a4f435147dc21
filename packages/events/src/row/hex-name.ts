/** The JSON key for the hex of a field's text: `comm_hex`, with underscores added until no field of the struct has that name. */
export function hexName(name: string, fieldNames: ReadonlySet<string>): string {
  let key = `${name}_hex`;
  while (fieldNames.has(key)) key += '_';
  return key;
}
