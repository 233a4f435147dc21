import type { InstalledVersion } from '../installed.js';
import { keptNeeds } from './kept-needs.js';

/** Who among the installed versions needs each archive: versions that somebody asked for, by the digests of what was chosen for them. */
export function neededBy(installed: readonly InstalledVersion[]): ReadonlyMap<string, readonly InstalledVersion[]> {
  const askers = new Map<string, InstalledVersion[]>();
  for (const version of installed) {
    if (version.forProject === true) continue;
    for (const { digest } of Object.values(keptNeeds(version)?.packages ?? {})) {
      if (digest !== version.digest) askers.set(digest, [...(askers.get(digest) ?? []), version]);
    }
  }
  return askers;
}
