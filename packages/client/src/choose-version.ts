import { EbpmError, highestInRange, isInRange } from '@ebpm/formats';
import type { ApiPackage, ApiPackageVersion } from '@ebpm/schemas';
import type { NamedSpec } from './installed.js';
import { versionIdentity } from './version-identity.js';

/**
 * The version of a package that a spec asks for: what a tag names, the highest in a range. One that was yanked is only
 * chosen by its exact number. Its `version` comes without build metadata.
 *
 * @throws EBPM_VERSION_NOT_FOUND, EBPM_TAKEN_DOWN
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
  if (exact !== undefined && takenDownVersions(from).includes(exact)) throw wasTakenDown(name, exact);
  throw new EbpmError(
    'EBPM_VERSION_NOT_FOUND',
    `Cannot find "${name}@${asked}": ${reasonWithout(from, spec, wanted)}`,
    {
      hint: `See what there is: ebpm info ${name}@"*"`,
      data: { tags, versions: numbers.slice(-MAX_TOLD) },
    },
  );
}

/** The versions of a package without build metadata, each with the package's deprecation where it has none of its own. */
export function listedVersions({ versions, deprecated }: ApiPackage): readonly ApiPackageVersion[] {
  return versions.flatMap((one) => {
    const version = versionIdentity(one.version);
    return version === undefined ? [] : [{ ...(deprecated !== undefined && { deprecated }), ...one, version }];
  });
}

/** The versions of a package that its registry has taken down, without build metadata. */
export function takenDownVersions({ takenDown = [] }: ApiPackage): readonly string[] {
  return takenDown.flatMap((version) => versionIdentity(version) ?? []);
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

function reasonWithout(from: ApiPackage, spec: NamedSpec, wanted: string | undefined): string {
  if (spec.kind === 'range') {
    const yanked = listedVersions(from).filter((one) => one.yanked && isInRange(one.version, spec.range));
    const gone = takenDownVersions(from).filter((version) => isInRange(version, spec.range));
    const parts = [
      ...yanked.map(({ version }) => `${version} was yanked`),
      ...gone.map((version) => `${version} was taken down`),
    ];
    return parts.length === 0 ? 'no version is in this range' : `of what is in this range, ${listing(parts)}`;
  }
  if (wanted !== undefined) return `"${wanted}", which has this tag, was yanked`;
  const allGone = from.versions.length === 0 && takenDownVersions(from).length > 0;
  return allGone ? 'all its versions were taken down' : 'no version has this tag';
}

function listing(parts: readonly string[]): string {
  const more = parts.length > MAX_NAMED ? [`and ${parts.length - MAX_NAMED} more`] : [];
  return [...parts.slice(0, MAX_NAMED), ...more].join(', ');
}

/** Versions that a sentence names one by one. */
const MAX_NAMED = 5;

function wasTakenDown(name: string, version: string): EbpmError {
  return new EbpmError('EBPM_TAKEN_DOWN', `Cannot use "${name}@${version}": its registry has taken it down`, {
    hint: `Choose another one: ebpm info ${name}`,
  });
}
