import type { Requirement } from './package-source.js';
import type { Choice } from './version-domain.js';

/** Why some choices cannot be made together. */
export type Cause =
  /** Somebody asks for a package; `by` is undefined for whoever started it all. */
  | {
      readonly kind: 'asked';
      readonly by: AskedBy | undefined;
      readonly requirement: Requirement;
      readonly missing?: string | undefined;
    }
  /** A version that cannot be taken for a reason of its own. */
  | { readonly kind: 'refused'; readonly by: AskedBy; readonly reason: string }
  /** It follows from two others. */
  | { readonly kind: 'follows'; readonly from: readonly [Incompatibility, Incompatibility] };

/** A version of a package. */
export interface AskedBy {
  readonly name: string;
  readonly version: string;
}

/** Choices, one a package, that cannot all hold: in every solution at least one package is outside of its set. */
export interface Incompatibility {
  readonly terms: ReadonlyMap<string, Choice>;
  readonly cause: Cause;
}

/**
 * What follows from two incompatibilities that share a package: where the others' terms hold, it may be neither in the one's set nor
 * in the other's. A set of everything says nothing and is left out.
 *
 * @param all every choice of the shared package
 */
export function resolvent(one: Incompatibility, other: Incompatibility, shared: string, all: Choice): Incompatibility {
  const terms = new Map<string, Choice>();
  for (const { terms: own } of [one, other]) {
    for (const [name, set] of own) {
      const before = terms.get(name);
      if (name !== shared) terms.set(name, before === undefined ? set : before & set);
    }
  }
  const either = (one.terms.get(shared) ?? 0n) | (other.terms.get(shared) ?? 0n);
  if (either !== all) terms.set(shared, either);
  return { terms, cause: { kind: 'follows', from: [one, other] } };
}
