import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import type Database from 'better-sqlite3';
import { createBlobs } from '../blobs/blobs.js';
import { openDatabase } from '../index/open-database.js';
import { PositionIndex } from '../index/position-index.js';
import { LOG_LIMITS } from '../limits-log.js';
import { segmentEntries } from '../log/read-segments.js';
import { firstOfSegment } from '../log/segment.js';
import { restoreSnapshot } from '../snapshots/restore-snapshot.js';
import { openSqlite } from '../sqlite.js';
import { inParallel } from '../stores/in-parallel.js';
import { type LogName, segmentKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { compareTables } from './compare-tables.js';
import { FoldAgain } from './fold-again.js';
import { type WalkedEntry, walkLog } from './walk-log.js';

/** What was verified, and what is wrong. */
export interface Verified {
  /** Entries of the public log and of the accounts log that are sound. */
  readonly entries: Readonly<Record<LogName, number>>;
  readonly blobs: number;
  readonly segments: number;
  /** The snapshot whose tables were compared with a fold of the logs from their first entries. */
  readonly snapshot: string | undefined;
  /** One line each; none when all is well. */
  readonly problems: readonly string[];
}

/**
 * Reads everything that a registry has: both chains from their first entries, every archive that a version names, every segment,
 * and the newest snapshot, whose tables must be those that the logs add up to. It writes nothing.
 * @throws EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
 */
export async function verifyRegistry(store: Store): Promise<Verified> {
  const folder = await mkdtemp(join(tmpdir(), 'ebpm-verify-'));
  const tables = openDatabase(undefined);
  try {
    return await new Verification(store, folder, tables).run();
  } finally {
    tables.close();
    await rm(folder, { recursive: true, force: true });
  }
}

class Verification {
  readonly #store: Store;
  readonly #folder: string;
  readonly #tables: Database.Database;
  readonly #folded: FoldAgain;
  readonly #problems: string[] = [];
  readonly #entries = { log: 0, accounts: 0 };
  /** SHA-256 of what each whole segment must hold. */
  readonly #segments = new Map<number, ReturnType<typeof createHash>>();

  constructor(store: Store, folder: string, tables: Database.Database) {
    this.#store = store;
    this.#folder = folder;
    this.#tables = tables;
    this.#folded = new FoldAgain(tables);
  }

  async run(): Promise<Verified> {
    const path = join(this.#folder, 'registry.db');
    const onUnsound = (key: string, reason: string) => this.#problems.push(`"${key}": ${reason}`);
    const snapshot = await restoreSnapshot({ store: this.#store, path, onUnsound });
    const walks = { log: walkLog(this.#store, 'log'), accounts: walkLog(this.#store, 'accounts') };
    if (snapshot !== undefined) await this.#compareWith(path, snapshot, walks);
    for (const log of ['log', 'accounts'] as const) await this.#fold(log, walks[log], Number.POSITIVE_INFINITY);
    const segments = await this.#checkSegments();
    const blobs = await this.#checkBlobs();
    return { entries: this.#entries, blobs, segments, snapshot, problems: this.#problems };
  }

  async #compareWith(path: string, key: string, walks: Readonly<Record<LogName, AsyncIterator<WalkedEntry, void>>>) {
    const snapshot = openSqlite(path, { readonly: true });
    try {
      for (const log of ['log', 'accounts'] as const) {
        const until = new PositionIndex(snapshot, log).get()?.seq ?? 0;
        if (!(await this.#fold(log, walks[log], until))) return;
      }
      this.#problems.push(...compareTables(this.#tables, snapshot).map((difference) => `"${key}": ${difference}`));
    } finally {
      snapshot.close();
    }
  }

  /** Folds a log as far as it is sound; says whether it is. */
  async #fold(log: LogName, walk: AsyncIterator<WalkedEntry, void>, until: number): Promise<boolean> {
    try {
      await this.#folded.fold(log, walk, { until, onEntry: (walked) => this.#saw(log, walked) });
      return true;
    } catch (error) {
      if (!(error instanceof EbpmError) || !error.code.startsWith('EBPM_LOG_')) throw error;
      this.#problems.push(error.message);
      return false;
    }
  }

  #saw(log: LogName, { entry: { seq }, bytes }: WalkedEntry): void {
    this.#entries[log]++;
    if (log === 'accounts') return;
    const first = firstOfSegment(seq);
    const hash = this.#segments.get(first) ?? createHash('sha256');
    this.#segments.set(first, hash.update(bytes));
  }

  async #checkSegments(): Promise<number> {
    const whole = [...this.#segments].filter(([first]) => first + LOG_LIMITS.segmentEntries - 1 <= this.#entries.log);
    let count = 0;
    for (const [first, wanted] of whole) {
      if ((await this.#store.head(segmentKey(first))) === undefined) continue;
      const hash = createHash('sha256');
      for await (const bytes of segmentEntries(this.#store, first)) hash.update(bytes);
      if (hash.digest('hex') === wanted.digest('hex')) count++;
      else this.#problems.push(`"${segmentKey(first)}": it does not hold its entries; remove it, it is made anew`);
    }
    return count;
  }

  async #checkBlobs(): Promise<number> {
    const blobs = createBlobs(this.#store);
    let count = 0;
    await inParallel(this.#folded.packages.archives(), async ({ digest, name, version }) => {
      const problem = await problemOf(blobs.get(digest));
      if (problem === undefined) count++;
      else this.#problems.push(`${name}@${version}: ${problem}`);
    });
    return count;
  }
}

async function problemOf(read: Promise<Uint8Array | undefined>): Promise<string | undefined> {
  try {
    return (await read) === undefined ? 'its archive is missing' : undefined;
  } catch (error) {
    if (error instanceof EbpmError && error.code === 'EBPM_BLOB_DAMAGED') return error.message;
    throw error;
  }
}
