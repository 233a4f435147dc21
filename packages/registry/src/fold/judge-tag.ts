import { isPrerelease, LATEST, parseVersion } from '@ebpm/formats';
import { tagCountRefusal } from './judge-publish.js';
import type { FoldContext } from './operation-place.js';
import { accepted, type PackageVerdict } from './package-change.js';
import type { TagOperation } from './package-operation.js';
import { changeable, changeableVersion, isRefusal } from './package-rights.js';
import type { PackageState } from './package-state.js';
import type { PackageView } from './package-view.js';
import { refused } from './verdict.js';

/** Judges a change of a tag. `latest` always names something, and never a prerelease. */
export function judgeTag(view: PackageView, op: TagOperation, context: FoldContext): PackageVerdict {
  const what = `${op.version === undefined ? 'remove' : 'set'} the tag "${op.tag}" of "${op.name}"`;
  const state = changeable(view, op, what);
  if (isRefusal(state)) return state;
  return op.version === undefined
    ? removeTag(state, op.tag, what, context)
    : setTag(view, state, { ...op, version: op.version }, context);
}

function removeTag(state: PackageState, tag: string, what: string, { at }: FoldContext): PackageVerdict {
  if (tag === LATEST) {
    return refused('EBPM_TAG_INVALID', `Cannot ${what}: it is what people get who ask for nothing`, {
      hint: 'set it to another version instead',
    });
  }
  const { [tag]: removed, ...tags } = state.tags;
  if (removed === undefined) return refused('EBPM_TAG_NOT_FOUND', `Cannot ${what}: there is no such tag`);
  return accepted({ package: { ...state, tags, changedAt: at } });
}

function setTag(
  view: PackageView,
  state: PackageState,
  op: TagOperation & { readonly version: string },
  { at }: FoldContext,
): PackageVerdict {
  const { name, tag } = op;
  const what = `tag "${name}@${op.version}" as "${tag}"`;
  const version = changeableVersion(view, op, what);
  if (isRefusal(version)) return version;
  if (version.yanked !== undefined) {
    return refused('EBPM_VERSION_YANKED', `Cannot ${what}: the version is yanked`, { hint: 'unyank it first' });
  }
  if (tag === LATEST && isPrerelease(op.version)) {
    return refused('EBPM_TAG_INVALID', `Cannot ${what}: "latest" cannot name a prerelease`);
  }
  const tooMany = tagCountRefusal(state, tag, `Cannot ${what}`);
  if (tooMany !== undefined) return tooMany;
  const current = Object.hasOwn(state.tags, tag) ? state.tags[tag] : undefined;
  if (current !== undefined && parseVersion(current) === parseVersion(op.version)) {
    return { kind: 'repeated', at: state.changedAt };
  }
  const tags = { ...state.tags, [tag]: version.version };
  return accepted({ package: { ...state, tags, shown: tags[LATEST] ?? state.shown, changedAt: at } });
}
