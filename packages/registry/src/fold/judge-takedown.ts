// A takedown must come to the same state whether or not the publish that it is about can still be read: `redact` may have
// erased it from the log. So what is left of a version, or of a package, is made of the takedown's own fields alone.

import { type Digest, parseVersion } from '@ebpm/formats';
import { offerOf } from './offered-tags.js';
import type { FoldContext } from './operation-place.js';
import { accepted, type PackageVerdict } from './package-change.js';
import type { TakedownOperation } from './package-operation.js';
import type { PackageState, VersionState } from './package-state.js';
import type { PackageView } from './package-view.js';

/** Judges the end of a version's contents, or of a package's. The numbers and the name stay used. */
export function judgeTakedown(view: PackageView, op: TakedownOperation, context: FoldContext): PackageVerdict {
  const before = view.package(op.name);
  if (before?.takenDown !== undefined) return { kind: 'repeated', at: before.changedAt };
  if (op.version === undefined) return takePackageDown(op, context);
  return takeVersionDown(view, before, { ...op, version: op.version }, context);
}

function takePackageDown({ name, owners, visibility, reason }: TakedownOperation, { at }: FoldContext): PackageVerdict {
  const state: PackageState = {
    ...emptyPackage({ name, owners, visibility }),
    takenDown: reason,
    changedAt: at,
  };
  return accepted({ isEmptied: true, package: state });
}

function takeVersionDown(
  view: PackageView,
  before: PackageState | undefined,
  op: TakedownOperation & { readonly version: string },
  { at, time }: FoldContext,
): PackageVerdict {
  const identity = parseVersion(op.version);
  const same = view.version(op.name, identity);
  if (same?.takenDown !== undefined) return { kind: 'repeated', at: same.at };
  const version: VersionState = {
    name: op.name,
    version: identity,
    digest: op.digest as Digest,
    size: 0,
    files: [],
    manifest: {},
    publisher: op.by,
    factsVersion: 0,
    factsDigest: undefined,
    facts: undefined,
    bundles: undefined,
    sections: [],
    yanked: undefined,
    deprecated: undefined,
    takenDown: op.reason,
    at,
    publishedAt: time,
  };
  const state = before ?? { ...emptyPackage(op), changedAt: at };
  const others = view.releases(op.name).filter((release) => parseVersion(release.version) !== identity);
  const offer = offerOf(state.tags, [...others, { version: identity, isOffered: false }], identity);
  return accepted({ package: { ...state, ...offer, changedAt: at }, version });
}

function emptyPackage({
  name,
  owners,
  visibility,
}: Pick<TakedownOperation, 'name' | 'owners' | 'visibility'>): Omit<PackageState, 'changedAt'> {
  return { name, owners, tags: {}, shown: '', visibility, deprecated: undefined, takenDown: undefined };
}
