import type { Conditions } from './function-use.js';

/** Conditions of a function that are kept: as many as a number has bits without its sign. */
const MAX_CONDITIONS = 31;

/** The operation of a jump that is taken when another is not. @see https://www.rfc-editor.org/rfc/rfc9669#section-4.3 */
const NEGATED: Readonly<Record<number, number>> = {
  1: 5,
  5: 1,
  2: 11,
  11: 2,
  3: 10,
  10: 3,
  6: 13,
  13: 6,
  7: 12,
  12: 7,
};

const NO_CONDITIONS: Conditions = new Map();

/** The comparisons of settings with numbers that a function makes: a bit for each, so that a path's are a number. */
export class JumpConditions {
  readonly #conditions: { readonly key: string; readonly name: string }[] = [];

  /** The bits of a comparison that holds, and of its contrary; none where there are too many. */
  bits(operation: number, about: string, setting: string): readonly [number, number] {
    const negated = NEGATED[operation] ?? -operation;
    const bit = (done: number) => this.#bit(`${done} ${about} ${setting}`, setting);
    return [bit(operation), bit(negated)];
  }

  #bit(key: string, name: string): number {
    const found = this.#conditions.findIndex((condition) => condition.key === key);
    if (found >= 0) return 1 << found;
    if (this.#conditions.length === MAX_CONDITIONS) return 0;
    return 1 << (this.#conditions.push({ key, name }) - 1);
  }

  /** Those that the bits stand for. */
  named(bits: number): Conditions {
    if (bits === 0) return NO_CONDITIONS;
    const held = this.#conditions.filter((_, bit) => (bits & (1 << bit)) !== 0);
    return new Map(held.map(({ key, name }) => [key, name]));
  }
}
