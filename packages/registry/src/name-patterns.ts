/** As `matchesAny`, but without patterns every name does. */
export function matchesNames(name: string, patterns: readonly string[]): boolean {
  return patterns.length === 0 || matchesAny(name, patterns);
}

/** Whether a package's name matches one of the patterns, in which `*` stands for anything, "/" among it: `@acme/*`, `tcp*`. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(name, pattern.split('*')));
}

/** Each part where the one before ended, or later; the first at the start and the last at the end. */
function matches(name: string, [first = '', ...parts]: readonly string[]): boolean {
  const last = parts.at(-1);
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(0, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
