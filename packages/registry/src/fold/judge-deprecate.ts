import type { FoldContext } from './operation-place.js';
import { accepted, type PackageVerdict } from './package-change.js';
import type { DeprecateOperation } from './package-operation.js';
import { changeable, changeableVersion, isRefusal } from './package-rights.js';
import type { PackageView } from './package-view.js';

/** Judges a deprecation of a version or of a whole package; an empty message takes it back. */
export function judgeDeprecate(view: PackageView, op: DeprecateOperation, { at }: FoldContext): PackageVerdict {
  const { name, version: number } = op;
  const what = `deprecate "${number === undefined ? name : `${name}@${number}`}"`;
  const state = changeable(view, op, what);
  if (isRefusal(state)) return state;
  const deprecated = op.message === '' ? undefined : op.message;
  if (number === undefined) {
    if (state.deprecated === deprecated) return { kind: 'repeated', at: state.changedAt };
    return accepted({ package: { ...state, deprecated, changedAt: at } });
  }
  const version = changeableVersion(view, { name, version: number }, what);
  if (isRefusal(version)) return version;
  if (version.deprecated === deprecated) return { kind: 'repeated', at: state.changedAt };
  return accepted({ package: { ...state, changedAt: at }, version: { ...version, deprecated } });
}
