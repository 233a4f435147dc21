/** Which names an upstream is asked for: patterns with `*`, those with `!` before them take names out again. */
export class NameRules {
  readonly #wanted: readonly RegExp[];
  readonly #unwanted: readonly RegExp[];

  constructor(patterns: readonly string[]) {
    this.#wanted = patterns.filter((pattern) => !pattern.startsWith('!')).map(toRegExp);
    this.#unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => toRegExp(pattern.slice(1)));
  }

  allow(name: string): boolean {
    return this.#wanted.some((pattern) => pattern.test(name)) && !this.#unwanted.some((pattern) => pattern.test(name));
  }
}

/** Only `*` means anything, and it is any number of characters, "/" among them: `*` is every name, `@acme/*` a scope. */
function toRegExp(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[^a-z0-9]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}
