import { compareVersions, isPrerelease, LATEST, parseVersion } from '@ebpm/formats';
import { offerOf } from './offered-tags.js';
import type { FoldContext } from './operation-place.js';
import { accepted, type PackageVerdict } from './package-change.js';
import type { YankOperation } from './package-operation.js';
import { changeable, changeableVersion, isRefusal } from './package-rights.js';
import type { PackageState } from './package-state.js';
import type { PackageView } from './package-view.js';

/** Judges a yank, after which nothing but its number leads to a version, or what takes it back. */
export function judgeYank(view: PackageView, op: YankOperation, { at }: FoldContext): PackageVerdict {
  const what = `${op.type} "${op.name}@${op.version}"`;
  const state = changeable(view, op, what);
  if (isRefusal(state)) return state;
  const version = changeableVersion(view, op, what);
  if (isRefusal(version)) return version;
  const isOffered = op.type === 'unyank';
  if ((version.yanked === undefined) === isOffered) return { kind: 'repeated', at: state.changedAt };

  const yanked = isOffered ? undefined : (op.reason ?? '');
  const identity = parseVersion(version.version);
  const releases = view
    .releases(op.name)
    .map((release) => (parseVersion(release.version) === identity ? { ...release, isOffered } : release));
  const tags = isOffered ? tagsWith(state, version.version) : state.tags;
  const offer = offerOf(tags, releases, state.shown);
  return accepted({ package: { ...state, ...offer, changedAt: at }, version: { ...version, yanked } });
}

/** What comes back counts for `latest` as if it were published now. */
function tagsWith({ tags }: PackageState, version: string): PackageState['tags'] {
  const latest = tags[LATEST];
  const isHigher = latest !== undefined && !isPrerelease(version) && compareVersions(version, latest) > 0;
  return isHigher ? { ...tags, [LATEST]: version } : tags;
}
