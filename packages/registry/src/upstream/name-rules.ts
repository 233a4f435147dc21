import { matchesAny } from '../name-patterns.js';

/** Which names an upstream is asked for: patterns with `*`, those with `!` before them take names out again. */
export class NameRules {
  readonly #wanted: readonly string[];
  readonly #unwanted: readonly string[];

  constructor(patterns: readonly string[]) {
    this.#wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
    this.#unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  }

  allow(name: string): boolean {
    return matchesAny(name, this.#wanted) && !matchesAny(name, this.#unwanted);
  }
}
