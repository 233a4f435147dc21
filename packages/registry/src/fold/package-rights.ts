import { parseVersion } from '@ebpm/formats';
import type { PackageState, VersionState } from './package-state.js';
import type { PackageView } from './package-view.js';
import { OPERATOR } from './principal.js';
import { type Refusal, refused } from './verdict.js';

/** What names a package in an operation, and who acts. */
interface OnPackage {
  readonly name: string;
  readonly by: string;
  readonly as?: string;
}

/** The package, if whoever acts may change it. `what` reads on from "Cannot". */
export function changeable(view: PackageView, op: OnPackage, what: string): PackageState | Refusal {
  const state = view.package(op.name);
  if (state === undefined) return refused('EBPM_PACKAGE_NOT_FOUND', `Cannot ${what}: there is no such package`);
  return ownerRefusal(state, op, what) ?? state;
}

/** Why the actor may not change the package: it belongs to others, or it is gone. */
export function ownerRefusal(
  { owners, takenDown }: PackageState,
  { by, as = by }: OnPackage,
  what: string,
): Refusal | undefined {
  if (by !== OPERATOR && !owners.includes(as))
    return refused('EBPM_NOT_OWNER', `Cannot ${what}: it belongs to another user`);
  if (takenDown === undefined) return undefined;
  return refused('EBPM_TAKEN_DOWN', `Cannot ${what}: the package was taken down`, { data: { reason: takenDown } });
}

/** The version, if it is there and was not taken down. */
export function changeableVersion(
  view: PackageView,
  { name, version }: { readonly name: string; readonly version: string },
  what: string,
): VersionState | Refusal {
  const state = view.version(name, parseVersion(version));
  if (state === undefined) return refused('EBPM_VERSION_NOT_FOUND', `Cannot ${what}: there is no such version`);
  return state.takenDown === undefined ? state : takenDownRefusal(what, state.takenDown);
}

/** The refusal of anything on a version that is gone. */
export function takenDownRefusal(what: string, reason: string): Refusal {
  return refused('EBPM_TAKEN_DOWN', `Cannot ${what}: this version was taken down`, { data: { reason } });
}

/** Whether it is a refusal. */
export function isRefusal(value: object): value is Refusal {
  return 'kind' in value && value.kind === 'refused';
}
