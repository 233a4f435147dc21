import { EbpmError, highestInRange } from '@ebpm/formats';
import type { ApiPackage, ApiPackageVersion } from '@ebpm/schemas';
import type { NamedSpec } from './installed.js';
import { versionIdentity } from './version-identity.js';

/**
 * The version of a package that a spec asks for: what a tag names, the highest in a range. One that was yanked is only
 * chosen by its exact number. Its `version` comes without build metadata.
 *
 * @throws EBPM_VERSION_NOT_FOUND
 */
export function chooseVersion(from: ApiPackage, spec: NamedSpec): ApiPackageVersion {
  const { name, tags } = from;
  const exact = exactVersion(spec);
  const offered = listedVersions(from).filter(({ yanked }) => !yanked || exact !== undefined);
  const numbers = offered.map(({ version }) => version);
  const wanted = exact ?? (spec.kind === 'tag' ? tagged(tags, spec.tag) : highestInRange(numbers, spec.range));
  const found = offered.find(({ version }) => version === wanted);
  if (found !== undefined) return found;
  const asked = spec.kind === 'tag' ? spec.tag : spec.range;
  throw new EbpmError('EBPM_VERSION_NOT_FOUND', `Cannot find "${name}@${asked}": ${reasonWithout(spec, wanted)}`, {
    hint: `See what there is: ebpm info ${name}@"*"`,
    data: { tags, versions: numbers.slice(-MAX_TOLD) },
  });
}

/** The versions of a package without build metadata, each with the package's deprecation where it has none of its own. */
export function listedVersions({ versions, deprecated }: ApiPackage): readonly ApiPackageVersion[] {
  return versions.flatMap((one) => {
    const version = versionIdentity(one.version);
    return version === undefined ? [] : [{ ...(deprecated !== undefined && { deprecated }), ...one, version }];
  });
}

/** The version that a spec names by its exact number, without build metadata; undefined for ranges and tags. */
export function exactVersion(spec: NamedSpec): string | undefined {
  return spec.kind === 'tag' ? undefined : versionIdentity(spec.range);
}

/** The tags of a package that name a version, sorted. */
export function tagsOf({ tags }: ApiPackage, version: string): readonly string[] {
  return Object.keys(tags)
    .filter((tag) => versionIdentity(tags[tag] ?? '') === version)
    .sort();
}

/** Versions in an error's data: the newest. */
const MAX_TOLD = 20;

function tagged(tags: Readonly<Record<string, string>>, tag: string): string | undefined {
  return Object.hasOwn(tags, tag) ? versionIdentity(tags[tag] ?? '') : undefined;
}

function reasonWithout(spec: NamedSpec, wanted: string | undefined): string {
  if (spec.kind === 'range') return 'no version is in this range';
  return wanted === undefined ? 'no version has this tag' : `"${wanted}", which has this tag, was yanked`;
}
