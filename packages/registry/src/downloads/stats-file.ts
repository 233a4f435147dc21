// What lies under `stats/`: how often archives were sent, for one day (UTC) and by one replica, which writes a new file every minute in
// which it has sent something, or for a day that is over and by all of them. Nothing is ever added to a file.
//
//   {"v":1,"downloads":{"<name>":{"<version>":<count>}}}
//   {"v":1,"downloads":{...},"of":["stats/20260101/<replica>-1",...]}       the sum of these files

import { isPackageName } from '@ebpm/formats';
import { isCount, isObject, isVersion } from '../fold/field-checks.js';
import { parseJson } from '../parse-json.js';
import { isStatsKey, type StatsKey } from '../stores/keys.js';

/** Downloads by package and version. */
export type DownloadCounts = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A file, read. */
export interface StatsFile {
  readonly downloads: DownloadCounts;
  /** The files that it is the sum of; none for one that a replica counted. */
  readonly of: readonly StatsKey[];
}

/** The bytes of a file. */
export function writeStatsFile({ downloads, of }: StatsFile): Uint8Array {
  const counts = Object.fromEntries([...downloads].map(([name, versions]) => [name, Object.fromEntries(versions)]));
  return Buffer.from(JSON.stringify({ v: 1, downloads: counts, ...(of.length > 0 && { of }) }));
}

/** Reads a file. What is no count of a package counts nothing: whoever can write to the store can write anything there. */
export function readStatsFile(bytes: Uint8Array): StatsFile {
  const file = parseJson(bytes);
  const downloads = new Map<string, ReadonlyMap<string, number>>();
  if (isObject(file) && file['v'] === 1 && isObject(file['downloads'])) {
    for (const [name, versions] of Object.entries(file['downloads'])) {
      if (isPackageName(name) && isObject(versions)) downloads.set(name, countsIn(versions));
    }
  }
  const of = isObject(file) && Array.isArray(file['of']) ? file['of'].filter(isStatsKey) : [];
  return { downloads, of };
}

/** The sum of counts. */
export function addDownloads(all: readonly DownloadCounts[]): DownloadCounts {
  const sum = new Map<string, Map<string, number>>();
  for (const [name, versions] of all.flatMap((counts) => [...counts])) {
    const versionSum = sum.get(name) ?? new Map<string, number>();
    sum.set(name, versionSum);
    for (const [version, count] of versions) versionSum.set(version, (versionSum.get(version) ?? 0) + count);
  }
  return sum;
}

function countsIn(versions: Readonly<Record<string, unknown>>): ReadonlyMap<string, number> {
  const counts = Object.entries(versions).filter(
    (entry): entry is [string, number] => isVersion(entry[0]) && isCount(entry[1]),
  );
  return new Map(counts);
}
