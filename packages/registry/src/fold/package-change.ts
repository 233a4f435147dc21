import type { KeyState } from './key-state.js';
import type { OperationPlace } from './operation-place.js';
import type { PackageDraft } from './package-draft.js';
import type { PackageState, VersionState } from './package-state.js';
import type { VoidVerdict } from './verdict.js';

/** What an accepted operation changes. */
export interface PackageChange {
  /** All versions that the package had are forgotten, before anything else. */
  readonly isEmptied?: boolean;
  readonly package?: PackageState;
  readonly version?: VersionState;
  readonly key?: KeyState;
  /** Digests, and where they were condemned; undefined: they were swept. */
  readonly condemned?: { readonly digests: readonly string[]; readonly at: OperationPlace | undefined };
}

/** A verdict on an operation of the public log; an accepted one comes with what it changes. */
export type PackageVerdict = { readonly kind: 'accepted'; readonly change: PackageChange } | VoidVerdict;

/** The verdict that lets an operation change something. */
export function accepted(change: PackageChange): PackageVerdict {
  return { kind: 'accepted', change };
}

/** Puts a change into a draft. */
export function putChange(draft: PackageDraft, change: PackageChange): void {
  const { isEmptied = false, package: state, version, key, condemned } = change;
  if (isEmptied && state !== undefined) draft.emptyPackage(state.name);
  if (state !== undefined) draft.putPackage(state);
  if (version !== undefined) draft.putVersion(version);
  if (key !== undefined) draft.putKey(key);
  for (const digest of condemned?.digests ?? []) draft.putCondemned(digest, condemned?.at);
}
