import { EbpmError } from '@ebpm/formats';
import { skeleton } from '../fold/skeleton.js';
import { squash } from '../fold/squash.js';
import type { Registry } from '../registry.js';
import { WELL_KNOWN_NAMES } from './well-known-names.js';

/** Names that would pass for the registry's or ebpm's own words. */
const RESERVED: ReadonlySet<string> = new Set([
  'admin',
  'api',
  'bpf',
  'ebpf',
  'ebpm',
  'ebpm-registry',
  'kernel',
  'latest',
  'linux',
  'official',
  'registry',
  'security',
  'test',
]);

/** Well-known names by how they look; what else is popular is a package here. */
const WELL_KNOWN_LOOKS: ReadonlyMap<string, string> = new Map(WELL_KNOWN_NAMES.map((name) => [skeleton(name), name]));

/** Shorter names are a letter apart from half of all others. */
const MIN_TYPO_LENGTH = 5;

/**
 * Why nobody, or not this owner, may have a new name: it is reserved, looks like one that exists or is well known, or is what somebody
 * types who mistypes a popular one. Names in a scope and packages that exist are not looked at.
 */
export function nameRefusal(
  { packages, popularNames }: Pick<Registry, 'packages' | 'popularNames'>,
  name: string,
  owner: string,
): EbpmError | undefined {
  if (name.startsWith('@') || packages.package(name) !== undefined) return undefined;
  if (RESERVED.has(squash(name)) || RESERVED.has(name)) {
    return new EbpmError('EBPM_NAME_RESERVED', `Cannot publish "${name}": the name is reserved`, { hint: HINT });
  }
  const isOthers = (other: string) => packages.package(other)?.owners.includes(owner) !== true;
  const looks = skeleton(name);
  const alike = packages.confusables(looks).find((other) => isOthers(other.name))?.name ?? WELL_KNOWN_LOOKS.get(looks);
  if (alike !== undefined && alike !== name && isOthers(alike)) return tooSimilar(name, alike, 'can be mistaken for');
  const meant = popularNames.all().find((other) => isTypo(name, other) && isOthers(other));
  return meant === undefined ? undefined : tooSimilar(name, meant, 'is a slip of the finger away from');
}

const HINT = 'choose another name, or a scope of your own: @you/name';

function tooSimilar(name: string, similar: string, how: string): EbpmError {
  const message = `Cannot publish "${name}": the name ${how} "${similar}"`;
  return new EbpmError('EBPM_NAME_TOO_SIMILAR', message, { hint: HINT, data: { similar } });
}

/** Whether one letter too many, too few, wrong, or two swapped lie between the names. */
function isTypo(name: string, other: string): boolean {
  if (name === other || Math.min(name.length, other.length) < MIN_TYPO_LENGTH) return false;
  if (Math.abs(name.length - other.length) > 1) return false;
  let start = 0;
  while (start < name.length && name[start] === other[start]) start++;
  let end = 0;
  const most = Math.min(name.length, other.length) - start;
  while (end < most && name.at(-1 - end) === other.at(-1 - end)) end++;
  const mine = name.slice(start, name.length - end);
  const theirs = other.slice(start, other.length - end);
  if (mine.length <= 1 && theirs.length <= 1) return true;
  return mine.length === 2 && theirs.length === 2 && mine[0] === theirs[1] && mine[1] === theirs[0];
}
