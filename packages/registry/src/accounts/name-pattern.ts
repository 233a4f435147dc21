/** The longest pattern: a scope and a name. */
const MAX_LENGTH = 110;

/** Whether this is a pattern of package names: a name in which `*` stands for any characters but "/". Only `*` alone matches every name. */
export function isNamePattern(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    text.length <= MAX_LENGTH &&
    /^(?:@[a-z0-9*][a-z0-9*-]*\/)?[a-z0-9*][a-z0-9*._-]*$/.test(text) &&
    !text.includes('**')
  );
}

/** Whether the pattern matches a package name. */
export function matchesPattern(pattern: string, name: string): boolean {
  if (pattern === '*') return true;
  const [first = '', ...parts] = pattern.split('*');
  if (!name.startsWith(first)) return false;
  return matchesRest(parts, name.slice(first.length));
}

/** Every part is taken where it comes first, the last one at the end: with `*` alone that finds a match if there is one. */
function matchesRest(parts: readonly string[], rest: string): boolean {
  const [part, ...later] = parts;
  if (part === undefined) return rest === '';
  if (later.length === 0) return rest.endsWith(part) && !rest.slice(0, rest.length - part.length).includes('/');
  const at = rest.indexOf(part);
  return at >= 0 && !rest.slice(0, at).includes('/') && matchesRest(later, rest.slice(at + part.length));
}
