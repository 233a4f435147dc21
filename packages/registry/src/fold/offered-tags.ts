import { compareVersions, isPrerelease, LATEST, parseVersion } from '@ebpm/formats';
import type { Release } from './package-state.js';

/** What a package's row says that depends on all of its versions. */
export interface Offer {
  readonly tags: Readonly<Record<string, string>>;
  readonly shown: string;
}

/**
 * The tags, without those that name what is not offered any more. `latest` then goes to the highest stable version that is, and
 * `shown` to `latest`, or else to the highest version that is offered, or that there is.
 * @param before the tags until now
 */
export function offerOf(
  before: Readonly<Record<string, string>>,
  releases: readonly Release[],
  otherwise: string,
): Offer {
  const offered = releases.filter(({ isOffered }) => isOffered).map(({ version }) => version);
  const identities = new Set(offered.map(parseVersion));
  const kept = Object.entries(before).filter(([, version]) => identities.has(parseVersion(version)));
  const tags: Record<string, string> = Object.fromEntries(kept);
  const latest = tags[LATEST] ?? highest(offered.filter((version) => !isPrerelease(version)));
  if (latest !== undefined) tags[LATEST] = latest;
  const shown = latest ?? highest(offered) ?? highest(releases.map(({ version }) => version)) ?? otherwise;
  return { tags, shown };
}

function highest(versions: readonly string[]): string | undefined {
  return versions.reduce<string | undefined>(
    (best, version) => (best === undefined || compareVersions(version, best) > 0 ? version : best),
    undefined,
  );
}
