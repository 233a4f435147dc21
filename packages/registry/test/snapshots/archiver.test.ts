import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { openDatabase } from '../../src/index/open-database.js';
import { PositionIndex } from '../../src/index/position-index.js';
import { SNAPSHOT_LIMITS } from '../../src/limits-log.js';
import type { Entry } from '../../src/log/entry.js';
import { readEntry } from '../../src/log/read-entry.js';
import { systemRandom } from '../../src/random.js';
import { Archiver } from '../../src/snapshots/archiver.js';
import { entryKey } from '../../src/stores/keys.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';
import { timedStore } from '../../src/stores/timed-store.js';
import { writeLog } from '../log/stored-log.js';
import { withTemporaryDirectory } from '../stores/temporary-directory.js';

const DAY_MS = 86_400_000;

let store: Store;
let entries: readonly Entry[];
beforeEach(async () => {
  store = createMemoryStore();
  await writeLog(store, 1_001);
  entries = await Promise.all(
    Array.from({ length: 1_001 }, async (_, i) => {
      const bytes = (await store.get(entryKey('log', i + 1))) ?? new Uint8Array();
      return readEntry(bytes, { log: 'log', seq: i + 1, prev: undefined });
    }),
  );
});

/** An archiver of a replica that has folded the first `count` entries, each of `opsEach` operations. */
async function withArchiver<T>(
  { count, opsEach = 1, writer = 'w', ageMs = 0 }: { count: number; opsEach?: number; writer?: string; ageMs?: number },
  use: (archiver: Archiver) => Promise<T>,
): Promise<T> {
  const database = openDatabase(undefined);
  const position = new PositionIndex(database, 'log');
  const clock = { ...systemClock, nowMs: () => Date.UTC(2026, 0, 1) + ageMs };
  const last = entries[count - 1];
  if (last === undefined) throw new TypeError('there is no such entry');
  return withTemporaryDirectory(async (folder) => {
    const shared = { store, database, folder, writer, clock, random: { ...systemRandom, fraction: () => 0 } };
    const archiver = new Archiver({
      ...shared,
      head: () => ({ ...last, rules: 1 }),
      onWarning: (text) => expect.fail(text),
    });
    for (const entry of entries.slice(0, count)) {
      position.put({ ...entry, rules: 1 });
      archiver.note({ ...entry, ops: entry.ops.flatMap((op) => Array(opsEach).fill(op)) });
    }
    try {
      return await use(archiver);
    } finally {
      await archiver.close();
      database.close();
    }
  });
}

const written = async () =>
  [...(await store.list('segments/')), ...(await store.list('snapshots/'))].map((key) => key.split('/')[0]);

describe('Archiver', () => {
  it.each([
    ['a thousand entries', { count: 1_000 }, ['segments']],
    ['a thousand entries less one', { count: 999 }, []],
    ['10,000 operations', { count: 1_001, opsEach: 10 }, ['segments', 'snapshots']],
    ['100 operations in a day', { count: 100, ageMs: DAY_MS }, ['snapshots']],
    ['100 operations in less than a day', { count: 100, ageMs: DAY_MS - 1 }, []],
    ['99 operations in two days', { count: 99, ageMs: 2 * DAY_MS }, []],
  ])('archive() after %s writes what is due, and nothing twice', async (_, state, wanted) => {
    await withArchiver(state, async (archiver) => {
      for (let i = 0; i < 2; i++) {
        await archiver.archive();
        expect(await written()).toEqual(wanted);
      }
    });
  });

  it('archive() reads as many entries at a time as Node takes for no leak', async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error) => warnings.push(name);
    process.on('warning', note);
    store = timedStore(store, systemClock);
    await withArchiver({ count: 1_000 }, (archiver) => archiver.archive());
    await systemClock.sleep(1);
    process.off('warning', note);
    expect(warnings).toEqual([]);
    expect(await written()).toEqual(['segments']);
  });

  it('start() lets the writer of the entry that makes one due write at once', async () => {
    await withArchiver({ count: 999 }, async (archiver) => {
      archiver.start();
      expect(await written()).toEqual([]);
    });
    await withArchiver({ count: 1_001, writer: 'w' }, async (archiver) => {
      archiver.start();
      archiver.note({ ...entryAt(1_000) });
      await expect.poll(written).toEqual(['segments']);
    });
  });

  it('start() lets others wait', async () => {
    await withArchiver({ count: 1_001, writer: 'another' }, async (archiver) => {
      archiver.start();
      archiver.note({ ...entryAt(1_000) });
      await systemClock.sleep(50);
      expect(await written()).toEqual([]);
      expect(SNAPSHOT_LIMITS.othersMinMs).toBeGreaterThan(1_000);
    });
  });

  it('close() ends one that waits, and one that never began', async () => {
    await withArchiver({ count: 1 }, async (archiver) => {
      archiver.start();
      await archiver.close();
    });
    await withArchiver({ count: 1 }, (archiver) => archiver.close());
  });
});

function entryAt(seq: number): Entry {
  const entry = entries[seq - 1];
  if (entry === undefined) throw new TypeError('there is no such entry');
  return entry;
}
