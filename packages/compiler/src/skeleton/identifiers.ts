/** What C and the headers of a guest have a meaning for, and AssemblyScript as the name of a member. */
const RESERVED: ReadonlySet<string> = new Set(
  `alignas alignof asm auto bool break case char const constexpr constructor continue default do double else enum errno extern false
  float for goto if inline int long nullptr register restrict return short signed sizeof static static_assert stderr stdin stdout
  struct switch thread_local true typedef typeof typeof_unqual union unsigned void volatile while NULL EOF`.split(
    /\s+/,
  ),
);

/** Longest identifier that is made; names of C++ and Rust are longer at times. */
const MAX_CHARS = 120;

/** Makes identifiers of names, of any text at all, and no one of them twice. */
export class Identifiers {
  readonly #taken: Set<string>;

  /** @param taken what generated code uses itself */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** @param endings with which it is used, too */
  of(name: string, endings: readonly string[] = []): string {
    const plain = identifierOf(name);
    const usesOf = (identifier: string) => ['', ...endings].map((ending) => identifier + ending);
    let identifier = plain;
    for (let count = 2; usesOf(identifier).some((use) => this.#taken.has(use)); count++)
      identifier = `${plain}_${count}`;
    for (const use of usesOf(identifier)) this.#taken.add(use);
    return identifier;
  }
}

/** The nearest identifier of C and AssemblyScript to a name: what cannot stand in one becomes `_`. */
export function identifierOf(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_]+/g, '_').slice(0, MAX_CHARS);
  const started = /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
  // Names with two underscores in front belong to compilers, and some are the generated code's.
  const own = started.replace(/^_{2,}/, '_').replace(/^(?=ebpm_)/i, '_');
  return RESERVED.has(own) ? `${own}_` : own;
}

/** `process_key` as the name of a class: `ProcessKey`. */
export function pascalCase(identifier: string): string {
  const joined = identifier
    .replace(/(?:^|_+)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/_+/g, '');
  return /^[A-Z]/.test(joined) ? joined : `T${joined}`;
}
