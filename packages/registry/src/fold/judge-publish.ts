import { compareVersions, isPrerelease, isTag, LATEST, parseVersion } from '@ebpm/formats';
import type { PackageState, VersionContent } from './package-state.js';
import type { PackageView } from './package-view.js';
import type { PublishOperation } from './publish-operation.js';
import { squash } from './squash.js';
import type { FoldVerdict, Refusal } from './verdict.js';

/** A verdict on a publish; an accepted one comes with the states that it leads to. */
export type PublishVerdict =
  | { readonly kind: 'accepted'; readonly package: PackageState; readonly version: VersionContent }
  | Exclude<FoldVerdict, { readonly kind: 'accepted' }>;

/** Judges a publish by rules 1. The first publisher of a name owns it; the first contents of a version are its contents. */
export function judgePublish(view: PackageView, op: PublishOperation): PublishVerdict {
  const before = view.package(op.name);
  const notAllowed = before === undefined ? lookalikeRefusal(view, op) : ownerRefusal(before, op);
  if (notAllowed !== undefined) return notAllowed;

  const existing = view.version(op.name, parseVersion(op.version));
  if (existing !== undefined) {
    const { at, digest } = existing;
    return digest === op.digest ? { kind: 'repeated', at } : versionRefusal(op, digest);
  }
  const badTag = tagRefusal(op);
  if (badTag !== undefined) return badTag;

  const { name, version, digest, size, files, manifest, by: publisher, factsVersion } = op;
  return {
    kind: 'accepted',
    package: packageAfter(before, op),
    version: { name, version, digest, size, files, manifest, publisher, factsVersion },
  };
}

function packageAfter(before: PackageState | undefined, op: PublishOperation): PackageState {
  const tags = { ...before?.tags };
  const tag = op.tag ?? LATEST;
  if (tag !== LATEST || isHigher(op.version, tags[LATEST])) tags[tag] = op.version;
  const highest = isHigher(op.version, before?.shown) ? op.version : before?.shown;
  return { name: op.name, owner: before?.owner ?? op.by, tags, shown: tags[LATEST] ?? highest ?? op.version };
}

function isHigher(version: string, than: string | undefined): boolean {
  return than === undefined || compareVersions(version, than) > 0;
}

function ownerRefusal(before: PackageState, op: PublishOperation): Refusal | undefined {
  if (before.owner === op.by) return undefined;
  return {
    kind: 'refused',
    code: 'EBPM_NOT_OWNER',
    message: `Cannot publish "${op.name}": it belongs to another user`,
  };
}

function lookalikeRefusal(view: PackageView, op: PublishOperation): Refusal | undefined {
  const similar = view.lookalike(squash(op.name));
  if (similar === undefined) return undefined;
  return {
    kind: 'refused',
    code: 'EBPM_NAME_TOO_SIMILAR',
    message: `Cannot publish "${op.name}": the name differs from "${similar}" only in ".", "_" or "-"`,
    options: { hint: 'choose another name, or a scope of your own: @you/name', data: { similar } },
  };
}

function versionRefusal(op: PublishOperation, digest: string): Refusal {
  return {
    kind: 'refused',
    code: 'EBPM_VERSION_EXISTS',
    message: `Cannot publish "${op.name}@${op.version}": this version exists with other contents`,
    options: { hint: 'raise "version" in ebpm.json; a published version never changes', data: { digest } },
  };
}

/** `latest` is what people get who ask for nothing, so that a prerelease needs another tag. */
function tagRefusal(op: PublishOperation): Refusal | undefined {
  const what = `Cannot publish "${op.name}@${op.version}"`;
  const prerelease = isPrerelease(op.version);
  if (op.tag === undefined) {
    if (!prerelease) return undefined;
    const options = { hint: 'publish it with a tag: ebpm publish --tag next' };
    return { kind: 'refused', code: 'EBPM_TAG_REQUIRED', message: `${what}: a prerelease needs a tag`, options };
  }
  if (prerelease && op.tag === LATEST) {
    return { kind: 'refused', code: 'EBPM_TAG_INVALID', message: `${what}: "latest" cannot name a prerelease` };
  }
  if (isTag(op.tag)) return undefined;
  const wanted = 'wanted a name such as "next" that is no version range';
  return { kind: 'refused', code: 'EBPM_TAG_INVALID', message: `${what}: "${op.tag}" is no tag, ${wanted}` };
}
