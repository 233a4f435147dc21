import { unscopedRefusal } from './judge-publish.js';
import type { FoldContext } from './operation-place.js';
import { accepted, type PackageVerdict } from './package-change.js';
import type { VisibilityOperation } from './package-operation.js';
import { changeable, isRefusal } from './package-rights.js';
import type { PackageView } from './package-view.js';

/** Judges who may read a package from now on. What people have read stays read. */
export function judgeVisibility(view: PackageView, op: VisibilityOperation, { at }: FoldContext): PackageVerdict {
  const { name, visibility } = op;
  const what = `make "${name}" ${visibility}`;
  const state = changeable(view, op, what);
  if (isRefusal(state)) return state;
  if (state.visibility === visibility) return { kind: 'repeated', at: state.changedAt };
  const refusal = visibility === 'private' ? unscopedRefusal(name, `Cannot ${what}`) : undefined;
  return refusal ?? accepted({ package: { ...state, visibility, changedAt: at } });
}
