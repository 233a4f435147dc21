// What lets a new replica start fast is written by whoever is there: segments of the public log once their last entry is folded,
// and snapshots of the tables. The writer of the entry that makes one due does it at once, the others look a little later
// whether it is there. Each pass begins with what the store has, so that it does not matter who did what, or failed to.

import { setMaxListeners } from 'node:events';
import type Database from 'better-sqlite3';
import type { Clock } from '../clock.js';
import { SCHEMA } from '../index/schema.js';
import { LOG_LIMITS, SNAPSHOT_LIMITS } from '../limits-log.js';
import type { Entry, Position } from '../log/entry.js';
import { readEntry } from '../log/read-entry.js';
import { firstOfSegment, writeSegment } from '../log/segment.js';
import type { Random } from '../random.js';
import { registryNowMs } from '../registry-time.js';
import { allKeys } from '../stores/all-keys.js';
import { entryKey, type StoreKey, segmentKey, snapshotName } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { listSnapshots } from './list-snapshots.js';
import { OpCount } from './op-count.js';
import { sweepSnapshots } from './sweep-snapshots.js';
import { writeSnapshot } from './write-snapshot.js';

/** What an archiver needs. */
export interface ArchiverOptions {
  readonly store: Store;
  readonly database: Database.Database;
  /** Where files lie on their way into the store. */
  readonly folder: string;
  /** The name of this process in the entries that it writes. */
  readonly writer: string;
  /** The last entry of the public log that was folded. */
  readonly head: () => Position;
  readonly clock: Clock;
  readonly random: Random;
  /** Told why something that was due could not be written; it is tried again. */
  readonly onWarning: (message: string) => void;
}

/** Writes segments and snapshots as they fall due, until it is closed. */
export class Archiver {
  readonly #options: ArchiverOptions;
  readonly #ended = new AbortController();
  readonly #ops = new OpCount();
  #wake = new AbortController();
  /** When it looks next. */
  #dueMs = Number.POSITIVE_INFINITY;
  #work: Promise<void> | undefined;

  constructor(options: ArchiverOptions) {
    this.#options = options;
    // Node takes more listeners than ten for a leak, and for a segment as many entries are read at a time.
    setMaxListeners(2 * LOG_LIMITS.readAhead, this.#ended.signal);
  }

  /** To be called with every entry of the public log that was folded. */
  note(entry: Entry): void {
    const before = this.#ops.sinceMark();
    this.#ops.note(entry);
    const { everyOps } = SNAPSHOT_LIMITS;
    const isSnapshotDue = before < everyOps && this.#ops.sinceMark() >= everyOps;
    if (isSnapshotDue || entry.seq % LOG_LIMITS.segmentEntries === 0)
      this.#lookIn(entry.writer === this.#options.writer ? 0 : this.#othersMs());
  }

  /** Begins to look: first after a while, for others may just have started too. */
  start(): void {
    if (this.#work !== undefined) return;
    this.#dueMs = this.#options.clock.elapsedMs() + this.#othersMs();
    this.#work = this.#run();
  }

  /**
   * Writes what is due now.
   * @throws EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE, EBPM_LOG_UNSOUND
   */
  async archive(): Promise<void> {
    await this.#writeSegments();
    if (await this.#isSnapshotDue()) {
      const { signal } = this.#ended;
      this.#ops.mark(snapshotName(await writeSnapshot({ ...this.#options, signal })).seq);
      await sweepSnapshots(this.#options.store);
    }
  }

  /** Ends, giving up what is under way. Safe to call twice. */
  async close(): Promise<void> {
    this.#ended.abort();
    this.#wake.abort();
    await this.#work;
  }

  async #run(): Promise<void> {
    const { clock, onWarning } = this.#options;
    for (;;) {
      await this.#untilDue();
      if (this.#ended.signal.aborted) return;
      this.#dueMs = clock.elapsedMs() + SNAPSHOT_LIMITS.lookMs;
      try {
        await this.archive();
      } catch (error) {
        // Nothing depends on it, so that whatever it is (the store away, no room for files) is no reason to end.
        if (this.#ended.signal.aborted) return;
        this.#dueMs = clock.elapsedMs() + SNAPSHOT_LIMITS.othersMaxMs;
        onWarning(`Cannot write a segment or snapshot: ${String(error)}`);
      }
    }
  }

  /** What is due earlier meanwhile wakes it. */
  async #untilDue(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#ended.signal.aborted && clock.elapsedMs() < this.#dueMs) {
      this.#wake = new AbortController();
      await clock.sleep(this.#dueMs - clock.elapsedMs(), this.#wake.signal);
    }
  }

  #lookIn(ms: number): void {
    const atMs = this.#options.clock.elapsedMs() + ms;
    if (atMs >= this.#dueMs) return;
    this.#dueMs = atMs;
    this.#wake.abort();
  }

  #othersMs(): number {
    const { othersMinMs, othersMaxMs } = SNAPSHOT_LIMITS;
    return othersMinMs + (othersMaxMs - othersMinMs) * this.#options.random.fraction();
  }

  async #writeSegments(): Promise<void> {
    const { store, folder, head } = this.#options;
    const complete = firstOfSegment(head().seq + 1);
    const present = new Set<StoreKey>();
    for await (const key of allKeys(store, 'segments/')) present.add(key);
    for (let first = 1; first < complete; first += LOG_LIMITS.segmentEntries) {
      if (this.#ended.signal.aborted) return;
      if (present.has(segmentKey(first))) continue;
      await writeSegment({ store, first, folder, signal: this.#ended.signal });
    }
  }

  async #isSnapshotDue(): Promise<boolean> {
    const { store, clock, head } = this.#options;
    const [newest] = await listSnapshots(store, SCHEMA);
    const seq = newest === undefined ? 0 : snapshotName(newest).seq;
    this.#ops.mark(seq);
    // Entries that were folded before this process began have an operation each, or more.
    const ops = Math.max(this.#ops.sinceMark(), head().seq - seq);
    if (ops >= SNAPSHOT_LIMITS.everyOps) return true;
    if (ops < SNAPSHOT_LIMITS.dailyOps) return false;
    return registryNowMs({ clock, store }) - (await timeOf(store, Math.max(seq, 1))) >= SNAPSHOT_LIMITS.dayMs;
  }
}

/** When an entry was written, in milliseconds since 1970. */
async function timeOf(store: Store, seq: number): Promise<number> {
  const bytes = await store.get(entryKey('log', seq));
  return bytes === undefined ? 0 : Date.parse(readEntry(bytes, { log: 'log', seq, prev: undefined }).time);
}
