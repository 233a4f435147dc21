import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { DownloadIndex } from '../../src/downloads/download-index.js';
import { Downloads } from '../../src/downloads/downloads.js';
import { openDatabase } from '../../src/index/open-database.js';
import { systemRandom } from '../../src/random.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';
import { StoreError } from '../../src/stores/store-error.js';

const DAY_MS = 86_400_000;
const HEX = 'a'.repeat(64);

let nowMs: number;
let store: Store;
const open: Database.Database[] = [];
beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 10, 12);
  store = createMemoryStore();
});
afterEach(() => {
  for (const database of open.splice(0)) database.close();
});

/** A replica's part in it; it does nothing by itself. */
function replica(on: Store = store) {
  const database = openDatabase(undefined);
  open.push(database);
  const index = new DownloadIndex(database);
  const changed: string[] = [];
  const downloads = new Downloads({
    store: on,
    index,
    versionOf: (digest) => (digest === `sha256:${HEX}` ? { name: 'sigsnoop', version: '1.0.0' } : undefined),
    onChange: async (names) => void changed.push(...names),
    clock: { ...systemClock, nowMs: () => nowMs },
    random: systemRandom,
  });
  return { downloads, index, changed };
}

async function download({ downloads }: ReturnType<typeof replica>, times: number): Promise<void> {
  for (let i = 0; i < times; i++) downloads.counter.count(HEX);
  await downloads.flush();
}

const keys = () => store.list('stats/');

describe('Downloads', () => {
  it('adds up what all replicas counted, and knows it after a restart', async () => {
    const [a, b] = [replica(), replica()];
    await download(a, 3);
    await download(b, 4);
    await download(a, 2);
    for (const one of [a, b, replica()]) {
      await one.downloads.refresh();
      await one.downloads.refresh();
      expect(one.index.since('sigsnoop', 0)).toBe(9);
      expect(one.index.versions('sigsnoop')).toEqual(new Map([['1.0.0', 9]]));
      expect(one.downloads.recent('sigsnoop')).toBe(9);
      expect(one.changed).toContain('sigsnoop');
    }
    expect(await keys()).toHaveLength(3);
  });

  it('counts no archive that belongs to no version, and writes nothing when nothing was sent', async () => {
    const a = replica();
    a.downloads.counter.count('b'.repeat(64));
    await a.downloads.flush();
    await a.downloads.flush();
    expect(await keys()).toEqual([]);
  });

  it('counts once what the store confirmed only later', async () => {
    let failures = 2;
    const flaky: Store = {
      ...store,
      async create(key, bytes, signal) {
        const answer = await store.create(key, bytes, signal);
        if (failures-- > 0) throw new StoreError('ambiguous', 'Cannot say');
        return answer;
      },
    };
    const a = replica(flaky);
    await expect(download(a, 3)).rejects.toMatchObject({ code: 'EBPM_STORE_UNAVAILABLE' });
    await expect(download(a, 4)).rejects.toMatchObject({ code: 'EBPM_STORE_UNAVAILABLE' });
    await a.downloads.flush();
    await a.downloads.flush();
    await a.downloads.refresh();
    expect(a.index.since('sigsnoop', 0)).toBe(7);
  });

  it('adds up a day that is over, then removes its parts, and nobody counts anything twice', async () => {
    const [a, b, late] = [replica(), replica(), replica()];
    await download(a, 3);
    await download(b, 4);
    await b.downloads.refresh();
    nowMs += 2 * DAY_MS;
    await Promise.all([a.downloads.refresh(), b.downloads.refresh()]);
    expect(await keys()).toHaveLength(3);
    for (const one of [a, b]) {
      await one.downloads.refresh();
      expect(one.index.since('sigsnoop', 0)).toBe(7);
    }
    // A replica whose clock is behind counts on the day that was added up.
    nowMs -= 2 * DAY_MS;
    await download(late, 5);
    nowMs += 4 * DAY_MS;
    for (const one of [a, b, replica(), a, replica()]) {
      await one.downloads.refresh();
      expect(one.index.since('sigsnoop', 0)).toBe(12);
    }
    const left = await keys();
    expect([left.length, left.at(-1)]).toEqual([2, 'stats/20260110/sum']);
  });

  it('forgets after 90 days what was popular, and never what was downloaded', async () => {
    const a = replica();
    await download(a, 3);
    await a.downloads.refresh();
    nowMs += 90 * DAY_MS;
    a.changed.length = 0;
    await a.downloads.refresh();
    expect(a.changed).toEqual(['sigsnoop']);
    expect([a.downloads.recent('sigsnoop'), a.index.since('sigsnoop', 0)]).toEqual([0, 3]);
  });

  it('writes what was counted when it ends', async () => {
    const a = replica();
    a.downloads.start();
    a.downloads.counter.count(HEX);
    await a.downloads.close();
    await a.downloads.close();
    expect(await keys()).toHaveLength(1);
  });
});
