import { compareVersions, isPrerelease, isTag, LATEST, parseVersion } from '@ebpm/formats';
import { ENTRY_LIMITS } from '../limits-log.js';
import type { FoldContext } from './operation-place.js';
import { accepted, type PackageVerdict } from './package-change.js';
import { ownerRefusal, takenDownRefusal } from './package-rights.js';
import type { PackageState, VersionState } from './package-state.js';
import type { PackageView } from './package-view.js';
import { type PublishOperation, readableBundles, readableFacts, readableSections } from './publish-operation.js';
import { squash } from './squash.js';
import { type Refusal, refused } from './verdict.js';

/** Judges a publish. The first publisher of a name owns it; the first contents of a version are its contents for ever. */
export function judgePublish(view: PackageView, op: PublishOperation, { at, time }: FoldContext): PackageVerdict {
  const before = view.package(op.name);
  const notAllowed = before === undefined ? nameRefusal(view, op) : ownerRefusal(before, op, `publish "${op.name}"`);
  if (notAllowed !== undefined) return notAllowed;

  const existing = before && view.version(op.name, parseVersion(op.version));
  if (existing?.takenDown !== undefined) {
    return takenDownRefusal(`publish "${op.name}@${op.version}"`, existing.takenDown);
  }
  if (existing !== undefined) {
    const { at, digest } = existing;
    return digest === op.digest ? { kind: 'repeated', at } : versionRefusal(op, digest);
  }
  const refusal = tagRefusal(op, before) ?? visibilityRefusal(op, before) ?? condemnedRefusal(view, op);
  if (refusal !== undefined) return refusal;

  const { name, version, digest, size, files, manifest, by: publisher, factsVersion } = op;
  const { factsDigest, facts } = readableFacts(op);
  // One literal: this runs three times for each publish, and V8 takes a multiple of the time to spread one object into another.
  const state: VersionState = {
    name,
    version,
    digest,
    size,
    files,
    manifest,
    publisher,
    factsVersion,
    factsDigest,
    facts,
    yanked: undefined,
    deprecated: undefined,
    takenDown: undefined,
    bundles: readableBundles(op),
    sections: readableSections(op),
    at,
    publishedAt: time,
  };
  return accepted({ package: { ...packageAfter(view, before, op), changedAt: at }, version: state });
}

function packageAfter(
  view: PackageView,
  before: PackageState | undefined,
  op: PublishOperation,
): Omit<PackageState, 'changedAt'> {
  const tags = { ...before?.tags };
  const tag = op.tag ?? LATEST;
  if (tag !== LATEST || isHigher(op.version, tags[LATEST])) tags[tag] = op.version;
  const shown = tags[LATEST] ?? highestAfter(view, before, op);
  if (before !== undefined) return { ...before, tags, shown };
  const { name, by, as = by, visibility = 'public' } = op;
  return { name, owners: [as], tags, shown, visibility, deprecated: undefined, takenDown: undefined };
}

/** A version that is not offered any more gives way to any that is. */
function highestAfter(view: PackageView, before: PackageState | undefined, op: PublishOperation): string {
  if (before === undefined) return op.version;
  const shown = view.version(op.name, parseVersion(before.shown));
  const isOffered = shown !== undefined && shown.yanked === undefined && shown.takenDown === undefined;
  return isOffered && !isHigher(op.version, before.shown) ? before.shown : op.version;
}

function isHigher(version: string, than: string | undefined): boolean {
  return than === undefined || compareVersions(version, than) > 0;
}

function nameRefusal(view: PackageView, op: PublishOperation): Refusal | undefined {
  const similar = view.lookalike(squash(op.name));
  if (similar === undefined) return undefined;
  const message = `Cannot publish "${op.name}": the name differs from "${similar}" only in ".", "_" or "-"`;
  const hint = 'choose another name, or a scope of your own: @you/name';
  return refused('EBPM_NAME_TOO_SIMILAR', message, { hint, data: { similar } });
}

function versionRefusal(op: PublishOperation, digest: string): Refusal {
  const message = `Cannot publish "${op.name}@${op.version}": this version exists with other contents`;
  const hint = 'raise "version" in ebpm.json; a published version never changes';
  return refused('EBPM_VERSION_EXISTS', message, { hint, data: { digest } });
}

/** `latest` is what people get who ask for nothing, so that a prerelease needs another tag. */
function tagRefusal(op: PublishOperation, before: PackageState | undefined): Refusal | undefined {
  const what = `Cannot publish "${op.name}@${op.version}"`;
  const prerelease = isPrerelease(op.version);
  if (op.tag === undefined) {
    if (!prerelease) return undefined;
    const hint = 'publish it with a tag: ebpm publish --tag next';
    return refused('EBPM_TAG_REQUIRED', `${what}: a prerelease needs a tag`, { hint });
  }
  if (prerelease && op.tag === LATEST) {
    return refused('EBPM_TAG_INVALID', `${what}: "latest" cannot name a prerelease`);
  }
  if (!isTag(op.tag)) {
    const wanted = 'wanted a name such as "next" that is no version range';
    return refused('EBPM_TAG_INVALID', `${what}: "${op.tag}" is no tag, ${wanted}`);
  }
  return tagCountRefusal(before, op.tag, what);
}

/** Why the package gets no further tag; undefined when it has the tag already, or may have more. */
export function tagCountRefusal(before: PackageState | undefined, tag: string, what: string): Refusal | undefined {
  const tags = before?.tags ?? {};
  if (Object.hasOwn(tags, tag) || Object.keys(tags).length < ENTRY_LIMITS.tags) return undefined;
  const message = `${what}: the package has ${ENTRY_LIMITS.tags} tags already`;
  return refused('EBPM_TOO_MANY', message, { hint: 'remove a tag that nobody uses' });
}

function visibilityRefusal(op: PublishOperation, before: PackageState | undefined): Refusal | undefined {
  const { name, visibility } = op;
  if (visibility === undefined || visibility === before?.visibility) return undefined;
  const what = `Cannot publish "${name}" as ${visibility}`;
  if (before !== undefined) {
    return refused('EBPM_VISIBILITY_DIFFERS', `${what}: the package is ${before.visibility}`, {
      hint: 'leave it out, or change the visibility of the package first',
    });
  }
  return visibility === 'private' ? unscopedRefusal(name, what) : undefined;
}

/** Why the name cannot be private: whoever was refused it would learn that it exists. A scope's names only its owner can ask for. */
export function unscopedRefusal(name: string, what: string): Refusal | undefined {
  if (name.startsWith('@')) return undefined;
  return refused('EBPM_SCOPE_REQUIRED', `${what}: only a package in a scope can be private`, {
    hint: `name it @SCOPE/${name}, with your own name or that of an organisation as the scope`,
  });
}

function condemnedRefusal(view: PackageView, op: PublishOperation): Refusal | undefined {
  if (view.condemned(op.digest) === undefined) return undefined;
  const message = `Cannot publish "${op.name}@${op.version}": unused bytes with its digest are being removed`;
  return refused('EBPM_BLOB_CONDEMNED', message, { hint: 'repeat it in two hours', data: { digest: op.digest } });
}
