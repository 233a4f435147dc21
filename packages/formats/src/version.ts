import Range from 'semver/classes/range.js';
import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';
import maxSatisfying from 'semver/ranges/max-satisfying.js';
import { EbpmError } from './ebpm-error.js';
import { MAX_RANGE_LENGTH, MAX_VERSION_LENGTH } from './limits.js';

/**
 * Checks a version (semver 2.0.0, no "v" or spaces before it) and returns it without build metadata, which does not make
 * another version.
 * @throws EBPM_VERSION_INVALID
 */
export function parseVersion(text: string): string {
  const version = soundVersion(text);
  if (version !== null) return version.version;
  throw new EbpmError('EBPM_VERSION_INVALID', `Cannot use ${quoted(text)} as a version: it is not semver`, {
    hint: 'Write three numbers and, where wanted, a prerelease: 1.0.0, 2.1.0-rc.1',
  });
}

/** Whether a text is a version. */
export function isVersion(text: string): boolean {
  return soundVersion(text) !== null;
}

/**
 * Checks a version range, as npm writes them (`^1.2`, `>=1 <3`, `1.x || 2.0.0`), and returns it.
 * @throws EBPM_VERSION_INVALID
 */
export function parseRange(text: string): string {
  if (isRange(text)) return text;
  throw new EbpmError('EBPM_VERSION_INVALID', `Cannot use ${quoted(text)} as a version range: it is not semver`, {
    hint: 'Write a version or a range: 1.2.3, ^1.2, ">=1.2 <3"',
  });
}

/** Whether a text is a version range. An empty text is none. */
export function isRange(text: string): boolean {
  if (text.trim() === '' || text.length > MAX_RANGE_LENGTH) return false;
  try {
    return new Range(text).set.length > 0;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Whether a version is a prerelease, such as `1.0.0-rc.1`. */
export function isPrerelease(version: string): boolean {
  return (parse(version)?.prerelease.length ?? 0) > 0;
}

/** The order of two versions by semver's rules, for `sort`: negative when `a` is lower. */
export function compareVersions(a: string, b: string): number {
  return compare(a, b);
}

/**
 * The highest of the versions that a range allows, as npm chooses it: a prerelease only where the range names one of the same
 * three numbers.
 */
export function highestInRange(versions: readonly string[], range: string): string | undefined {
  return maxSatisfying(versions, range) ?? undefined;
}

/** Whether a range allows a version, by the same rules. */
export function isInRange(version: string, range: string): boolean {
  return new Range(range).test(version);
}

/** The versions that a range allows, by the same rules, in the order they came. */
export function versionsInRange(versions: readonly string[], range: string): readonly string[] {
  const parsed = new Range(range);
  return versions.filter((version) => parsed.test(version));
}

function soundVersion(text: string) {
  return text.length <= MAX_VERSION_LENGTH && /^\d/.test(text) && text === text.trim() ? parse(text) : null;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, MAX_RANGE_LENGTH));
}
