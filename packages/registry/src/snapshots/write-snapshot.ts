import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type Database from 'better-sqlite3';
import { PositionIndex } from '../index/position-index.js';
import { SCHEMA } from '../index/schema.js';
import { SNAPSHOT_LIMITS } from '../limits-log.js';
import { Sqlite } from '../sqlite.js';
import { type SnapshotKey, snapshotKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';

/** A snapshot that is to be written. */
export interface NewSnapshot {
  readonly store: Store;
  /** The tables of a replica. They go on changing: what the snapshot holds is how they were at its end. */
  readonly database: Database.Database;
  /** Where the file lies on its way: as large as the tables, and once more compressed. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/**
 * Writes the tables of a replica into the store, a few pages at a time, so that requests are answered meanwhile.
 * @returns its key
 * @throws EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
 */
export async function writeSnapshot({ store, database, folder, signal }: NewSnapshot): Promise<SnapshotKey> {
  const own = await mkdtemp(join(folder, 'snapshot-'));
  try {
    const path = join(own, 'registry.db');
    await database.backup(path, {
      progress() {
        signal?.throwIfAborted();
        return SNAPSHOT_LIMITS.pagesAtOnce;
      },
    });
    const seq = settle(path);
    const packed = join(own, 'registry.db.gz');
    const sha256 = await pack(path, packed, signal);
    const key = snapshotKey({ schema: SCHEMA, seq, sha256 });
    await store.putFile(key, packed, signal);
    return key;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** Makes the copy a single file, and tells which entry it is at. */
function settle(path: string): number {
  const copy = new Sqlite(path);
  try {
    copy.pragma('journal_mode = DELETE');
    return new PositionIndex(copy, 'log').get()?.seq ?? 0;
  } finally {
    copy.close();
  }
}

/** Compresses quickly: level 1 makes a third of it. Gives the digest of what it wrote. */
async function pack(from: string, to: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(
    createReadStream(from),
    createGzip({ level: 1 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(to),
    { ...(signal && { signal }) },
  );
  return hash.digest('hex');
}
