import { type Digest, EbpmError } from '@ebpm/formats';
import { inParallel } from '../in-parallel.js';
import { Installed } from '../installed.js';
import { MAX_DOWNLOADS } from '../limits.js';
import { contentsProblem, storedContents } from './stored-contents.js';

/** Something in a store that is not as it was written. */
export interface StoreProblem {
  /** `name@version`, or a digest where nothing is installed of it. */
  readonly what: string;
  readonly reason: string;
}

/** What a store has, and what is wrong with it. */
export interface StoreReport {
  /** Versions that are installed. */
  readonly versions: number;
  /** Archives whose files lie there. */
  readonly contents: number;
  readonly problems: readonly StoreProblem[];
  /** Archives that no installed version needs; no harm, but room. */
  readonly unused: readonly Digest[];
}

/**
 * Looks at every record and at every byte of a store.
 *
 * @param onProgress called with the archives looked at so far, and how many there are
 */
export async function verifyStore(home: string, onProgress?: (done: number, of: number) => void): Promise<StoreReport> {
  const { digests, versions, problems } = await records(home);
  const stored = await storedContents(home);
  const all = [...new Set([...stored, ...digests.keys()])].sort();
  let done = 0;
  const reasons = await inParallel(all, MAX_DOWNLOADS, async (digest) => {
    const reason = await contentsProblem(home, digest);
    onProgress?.(++done, all.length);
    return reason;
  });
  const damaged = all.flatMap((digest, index) => {
    const reason = reasons[index];
    return reason === undefined ? [] : (digests.get(digest) ?? [digest]).map((what) => ({ what, reason }));
  });
  return {
    versions,
    contents: stored.length,
    problems: [...problems, ...damaged],
    unused: stored.filter((digest) => !digests.has(digest)),
  };
}

/** What is installed, by the digest of its archive, and records that cannot be read. */
async function records(home: string): Promise<{
  readonly digests: ReadonlyMap<Digest, readonly string[]>;
  readonly versions: number;
  readonly problems: readonly StoreProblem[];
}> {
  const here = new Installed(home);
  const digests = new Map<Digest, string[]>();
  const problems: StoreProblem[] = [];
  let versions = 0;
  for (const name of await here.names()) {
    const numbers = await here.versionNumbers(name);
    for (const number of numbers) {
      versions++;
      const what = `${name}@${number}`;
      const record = await here.version(name, number).catch((error: unknown) => {
        if (!(error instanceof EbpmError)) throw error;
        problems.push({ what, reason: 'its record cannot be read' });
        return undefined;
      });
      if (record !== undefined) digests.set(record.digest, [...(digests.get(record.digest) ?? []), what]);
    }
    const current = await here.current(name);
    if (current !== undefined && !numbers.includes(current)) {
      problems.push({ what: name, reason: `it stands for ${current}, which is not installed` });
    }
  }
  return { digests, versions, problems };
}
