import { type Digest, digestOf, EbpmError } from '@ebpm/formats';
import { ArchiveStore } from '../archive-store.js';
import { inParallel } from '../in-parallel.js';
import { Installed, type InstalledVersion } from '../installed.js';
import { MAX_DOWNLOADS } from '../limits.js';

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
  /** Archives that lie there to be installed from. */
  readonly contents: number;
  readonly problems: readonly StoreProblem[];
  /** Archives that no installed version was made from; no harm, but room. */
  readonly unused: readonly Digest[];
}

/**
 * Looks at every record and at every byte of a store.
 *
 * @param onProgress called with the archives looked at so far, and how many there are
 */
export async function verifyStore(home: string, onProgress?: (done: number, of: number) => void): Promise<StoreReport> {
  const here = new Installed(home);
  const archives = new ArchiveStore(home);
  const { versions, records, problems } = await readRecords(here);
  const digests = new Set(records.map(({ digest }) => digest));
  const stored = await archives.digests();
  const unused = stored.filter((digest) => !digests.has(digest));
  let done = 0;
  const look = async (what: string, problem: Promise<string | undefined>): Promise<readonly StoreProblem[]> => {
    const reason = await problem;
    onProgress?.(++done, records.length + unused.length);
    return reason === undefined ? [] : [{ what, reason }];
  };
  const damaged = await inParallel(records, MAX_DOWNLOADS, (record) =>
    look(`${record.name}@${record.version}`, archiveProblem(here, record)),
  );
  const spoiled = await inParallel(unused, MAX_DOWNLOADS, (digest) =>
    look(
      digest,
      archives.read(digest).then((bytes) => (bytes === undefined ? NOT_INSTALLED : undefined)),
    ),
  );
  return { versions, contents: stored.length, problems: [...problems, ...damaged.flat(), ...spoiled.flat()], unused };
}

const NOT_INSTALLED = 'the archive is not what was downloaded';

async function archiveProblem(here: Installed, record: InstalledVersion): Promise<string | undefined> {
  try {
    const bytes = await here.archiveBytes(record);
    // It was removed meanwhile.
    if (bytes === undefined) return undefined;
    return digestOf(bytes) === record.digest ? undefined : 'its archive is not what was installed';
  } catch (error) {
    return `its archive cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What is installed, and records that cannot be read. What is removed in this moment is not installed. */
async function readRecords(here: Installed): Promise<{
  readonly versions: number;
  readonly records: readonly InstalledVersion[];
  readonly problems: readonly StoreProblem[];
}> {
  const records: InstalledVersion[] = [];
  const problems: StoreProblem[] = [];
  for (const [name, numbers] of await here.numbersByName()) {
    for (const number of numbers) {
      const what = `${name}@${number}`;
      try {
        const record = await here.version(name, number);
        if (record !== undefined) records.push(record);
      } catch (error) {
        if (!(error instanceof EbpmError)) throw error;
        problems.push({ what, reason: 'its record cannot be read' });
      }
    }
  }
  return { versions: records.length + problems.length, records, problems };
}
