// What was taken down is not shown any more, and still stands in the log. To erase it, the lines of its operations are taken out
// of their entries. The headers stay, with the hashes of the lines, so that the chain is the same. This is the only thing that
// ever writes over an entry, and it does so only where the log adds up to the same without the lines: a tag that was moved to a
// version which was taken down later, for one, would be where it was before.

import { tmpdir } from 'node:os';
import { openDatabase } from '../index/open-database.js';
import type { PackageIndex } from '../index/package-index.js';
import { LOG_LIMITS } from '../limits-log.js';
import { firstOfSegment, writeSegment } from '../log/segment.js';
import { visibleEntry } from '../log/visible-entry.js';
import { allKeys } from '../stores/all-keys.js';
import { blobKey, entryKey, type SnapshotKey, segmentKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { Erasures } from './erasures.js';
import { FoldAgain } from './fold-again.js';
import { type WalkedEntry, walkLog } from './walk-log.js';

/** What was erased. */
export interface Redacted {
  readonly operations: number;
  readonly entries: number;
  readonly blobs: number;
  /** Packages of which the operations stay, for without them the log would add up to something else. Their archives are gone. */
  readonly spared: readonly string[];
}

/**
 * Erases everything that was taken down: the lines of its operations, archives that no version needs, and all snapshots, which
 * may hold it. No server may run on the store. Doing it again finishes what broke off.
 * @throws EBPM_LOG_UNSOUND, EBPM_LOG_TOO_NEW, EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
 */
export async function redactLog(store: Store): Promise<Redacted> {
  const erasures = new Erasures();
  for await (const { entry } of walkLog(store, 'log')) {
    for (const { op } of entry.ops) if (op !== undefined) erasures.note(op, entry.seq);
  }
  const { spared, digests } = await spareWhatIsNeeded(store, erasures);
  const overwritten = await overwrite(store, erasures);
  for (const digest of digests) await store.remove(blobKey(digest.slice('sha256:'.length)));
  for await (const key of allKeys(store, 'snapshots/')) await store.remove(key as SnapshotKey);
  return { ...overwritten, blobs: digests.length, spared };
}

/** Folds the log with and without the lines, and spares packages until both come to the same. */
async function spareWhatIsNeeded(store: Store, erasures: Erasures) {
  const spared: string[] = [];
  return withFold(walkLog(store, 'log'), async (before) => {
    const digests = before.takenDownDigests().filter((digest) => before.holders(digest).length === 0);
    for (;;) {
      const changed = await withFold(without(walkLog(store, 'log'), erasures), async (after) =>
        [...erasures.names].filter((name) => stateOf(before, name) !== stateOf(after, name)),
      );
      if (changed.length === 0) return { spared, digests };
      for (const name of changed) erasures.spare(name);
      spared.push(...changed);
    }
  });
}

async function withFold<T>(
  entries: AsyncGenerator<WalkedEntry, void>,
  use: (packages: PackageIndex) => Promise<T>,
): Promise<T> {
  const database = openDatabase(undefined);
  try {
    const folded = new FoldAgain(database);
    await folded.fold('log', entries, { until: Number.POSITIVE_INFINITY, onEntry: () => undefined });
    return await use(folded.packages);
  } finally {
    database.close();
  }
}

async function* without(entries: AsyncIterable<WalkedEntry>, erasures: Erasures): AsyncGenerator<WalkedEntry, void> {
  for await (const { entry, bytes } of entries) {
    const ops = entry.ops.map((one) =>
      one.op !== undefined && erasures.has(one.op, entry.seq) ? { ...one, op: undefined } : one,
    );
    yield { entry: { ...entry, ops }, bytes };
  }
}

function stateOf(packages: PackageIndex, name: string): string {
  return JSON.stringify([packages.package(name), packages.versions(name)]);
}

/** A segment goes before the first of its entries is written over: it holds the lines too. */
async function overwrite(store: Store, erasures: Erasures) {
  const segments = new Set<number>();
  let [operations, entries, last] = [0, 0, 0];
  for await (const { entry, bytes } of walkLog(store, 'log')) {
    last = entry.seq;
    const gone = entry.ops.filter(({ op }) => op !== undefined && erasures.has(op, entry.seq));
    if (gone.length === 0) continue;
    const first = firstOfSegment(entry.seq);
    if (!segments.has(first)) await store.remove(segmentKey(first));
    segments.add(first);
    await store.overwriteEntry(
      entryKey('log', entry.seq),
      visibleEntry(bytes, (op) => !erasures.has(op, entry.seq)),
    );
    operations += gone.length;
    entries++;
  }
  for (const first of segments) {
    if (first + LOG_LIMITS.segmentEntries - 1 <= last) await writeSegment({ store, first, folder: tmpdir() });
  }
  return { operations, entries };
}
