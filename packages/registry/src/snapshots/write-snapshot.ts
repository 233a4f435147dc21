import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { SCHEMA } from '../index/schema.js';
import { SNAPSHOT_LIMITS } from '../limits-log.js';
import { type SnapshotKey, snapshotKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { withFile } from '../stores/with-file.js';
import { packMember } from './gzip-members.js';
import { settleCopy } from './settle-copy.js';

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
    const seq = await settleCopy(path, signal);
    const packed = join(own, 'registry.db.gz');
    const sha256 = await pack(path, packed, signal);
    const key = snapshotKey({ schema: SCHEMA, seq, sha256 });
    await store.putFile(key, packed, signal);
    return key;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** Compresses a file. Gives the digest of what it wrote. */
async function pack(from: string, to: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  await withFile({ path: to, flags: 'wx', mode: 0o600 }, async (file) => {
    for await (const bytes of createReadStream(from, { highWaterMark: SNAPSHOT_LIMITS.memberSizeBytes })) {
      signal?.throwIfAborted();
      const member = await packMember(bytes);
      hash.update(member);
      await file.writeFile(member);
    }
  });
  return hash.digest('hex');
}
