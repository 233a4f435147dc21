import type { Kind } from './kind.js';
import { type Problem, problemOf } from './problem.js';

/** What {@link validate} found: the value with its type, or what is wrong with it. */
export type Validation<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** More problems than this help nobody, and a hostile value may have millions. */
const MAX_PROBLEMS = 20;

/**
 * Checks a value: `validate(manifestKind, value)`. Nothing is compiled, the checks are generated code.
 * A manifest's problems are all told (at most 20), of every other kind the first, since their size is the sender's choice.
 */
export function validate<T>({ schema, validator }: Kind<T>, value: unknown): Validation<T> {
  if (validator(value)) return { ok: true, value };
  // An alternative that failed is told by its branches, which come before it.
  const telling = (validator.errors ?? []).filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'oneOf');
  return { ok: false, problems: telling.slice(0, MAX_PROBLEMS).map((violation) => problemOf(schema, violation)) };
}
