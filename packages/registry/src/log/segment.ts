import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { LOG_LIMITS } from '../limits-log.js';
import { segmentKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { unsound } from './log-errors.js';
import { storedEntries } from './stored-entries.js';

/** The number of the entry that the segment with this one begins with. */
export function firstOfSegment(seq: number): number {
  return seq - ((seq - 1) % LOG_LIMITS.segmentEntries);
}

/** A segment that is to be written, and a folder for the file that it is on the way. */
export interface NewSegment {
  readonly store: Store;
  readonly first: number;
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/**
 * Writes the segment that begins with an entry from the entries in the store, all of which must be there. Whoever does it
 * again writes the same.
 * @throws EBPM_LOG_UNSOUND, EBPM_STORE_UNAVAILABLE, EBPM_STORE_REFUSED
 */
export async function writeSegment({ store, first, folder, signal }: NewSegment): Promise<void> {
  const key = segmentKey(first);
  const last = first + LOG_LIMITS.segmentEntries - 1;
  const path = join(folder, `segment-${first}`);
  const entries = async function* () {
    let seq = first;
    for await (const bytes of storedEntries(store, { log: 'log', first, last }, signal)) {
      seq++;
      yield bytes;
    }
    if (seq <= last) throw unsound('log', seq, 'it was there before and is missing now');
  };
  try {
    await pipeline(entries, createGzip({ level: 6 }), createWriteStream(path), { ...(signal && { signal }) });
    await store.putFile(key, path, signal);
  } finally {
    await rm(path, { force: true });
  }
}
