/** An organisation as people write it: `acme`, or `@acme` as it stands before the names of its packages. */
export function organisationName(text: string): string {
  return text.startsWith('@') ? text.slice(1) : text;
}
