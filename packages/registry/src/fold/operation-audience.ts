import { isPackageName } from '@ebpm/formats';
import type { Op } from '../log/op.js';
import type { PackageState } from './package-state.js';

/** Who may see an operation: everybody, those who may read a package, or nobody but the operator. */
export type Audience =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'readers'; readonly name: string }
  | 'operator';

const EVERYBODY = { kind: 'everybody' } as const;

/**
 * Who may see an operation of the public log, by the package's visibility as it is now, not as it was: what became public is
 * shown with all of its past, what became private is hidden with it. Only the operation that makes a package private stays visible,
 * so that whoever follows the log without a right learns to forget the package.
 * @param packageOf the packages of the newest state
 */
export function audienceOf(op: Op, packageOf: (name: string) => PackageState | undefined): Audience {
  if (NAMELESS.has(op.type)) return EVERYBODY;
  const { name } = op;
  if (typeof name !== 'string' || !isPackageName(name)) return 'operator';
  const state = packageOf(name);
  if (state?.visibility === 'public' || isMadePrivate(op)) return EVERYBODY;
  // A void operation on a name that has no package tells what somebody wanted to name.
  return state === undefined ? 'operator' : { kind: 'readers', name };
}

const NAMELESS: ReadonlySet<string> = new Set(['genesis', 'upgrade', 'key', 'condemn', 'swept']);

function isMadePrivate(op: Op): boolean {
  return op.type === 'visibility' && op['visibility'] === 'private';
}
