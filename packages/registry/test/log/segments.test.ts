import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { Position } from '../../src/log/entry.js';
import { openLog } from '../../src/log/open-log.js';
import { writeSegment } from '../../src/log/segment.js';
import { splitEntries } from '../../src/log/split-entries.js';
import { systemRandom } from '../../src/random.js';
import { entryKey, segmentKey } from '../../src/stores/keys.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';
import { withTemporaryDirectory } from '../stores/temporary-directory.js';
import { writeLog } from './stored-log.js';
import { VersionFold } from './version-fold.js';

const ENTRIES = 2_050;

describe('segments', () => {
  let store: Store;
  let head: Position;
  let whole: Uint8Array;
  beforeAll(async () => {
    store = createMemoryStore();
    head = await writeLog(store, ENTRIES);
    await withTemporaryDirectory(async (folder) => {
      for (const first of [1, 1_001]) await writeSegment({ store, first, folder });
    });
    whole = (await store.get(segmentKey(1))) ?? new Uint8Array();
  });

  /** Opens the log on the store, with another first segment. */
  async function opened(segment: Uint8Array) {
    await put(segment);
    const gets: string[] = [];
    const counted: Store = {
      ...store,
      get(key, ...rest) {
        gets.push(key);
        return store.get(key, ...rest);
      },
    };
    const fold = new VersionFold();
    const options = {
      store: counted,
      log: 'log',
      fold,
      writer: 'w',
      clock: systemClock,
      random: systemRandom,
    } as const;
    const log = await openLog(options);
    expect(log.health()).toEqual({ ok: true });
    expect(log.head()).toEqual({ seq: head.seq, hash: head.hash });
    await log.close();
    expect(fold.applied).toEqual(Array.from({ length: ENTRIES }, (_, i) => i + 1));
    return gets.filter((key) => key.startsWith('log/')).length;
  }

  const put = (segment: Uint8Array) =>
    withTemporaryDirectory(async (folder) => {
      await writeFile(join(folder, 'segment'), segment);
      await store.putFile(segmentKey(1), join(folder, 'segment'));
    });

  it('openLog() reads whole segments, and only what stands behind them entry by entry', async () => {
    expect(await opened(whole)).toBeLessThan(120);
  });

  it('writeSegment() holds the entries as they are stored, one after another', async () => {
    const [first, last] = await Promise.all([1, 1_000].map((seq) => store.get(entryKey('log', seq))));
    const bytes = gunzipSync(whole);
    expect(bytes.subarray(0, first?.length)).toEqual(Buffer.from(first ?? []));
    expect(bytes.subarray(-(last?.length ?? 0))).toEqual(Buffer.from(last ?? []));
  });

  it.each<[string, (text: Buffer) => Uint8Array]>([
    ['is no gzip', (text) => text],
    ['is cut', (text) => gzipSync(text).subarray(0, 2_000)],
    ['is empty', () => new Uint8Array()],
    ['unpacks to nothing', () => gzipSync('')],
    [
      'has a changed operation',
      (text) => gzipSync(text.toString().replace('"version":"1.0.700"', '"version":"9.0.700"')),
    ],
    ['lacks an entry', (text) => gzipSync(text.toString().replace(/\{"v":1,"seq":700,.*\n.*\n/, ''))],
    ['is that of another registry', (text) => gzipSync(text.toString().replaceAll('"prev":"', '"prev":"0'))],
  ])('openLog() reads the entries themselves when a segment %s', async (_, change) => {
    expect(await opened(change(gunzipSync(whole)))).toBeGreaterThan(300);
  });

  it('writeSegment() writes nothing while an entry is missing', () =>
    withTemporaryDirectory(async (folder) => {
      const written = writeSegment({ store, first: 2_001, folder });
      await expect(written).rejects.toMatchObject({ code: 'EBPM_LOG_UNSOUND', data: { seq: ENTRIES + 1 } });
      expect(await store.head(segmentKey(2_001))).toBeUndefined();
    }));

  it.each([1, 7, 100, 4_096, 1_000_000])(
    'splitEntries() gives the same entries from pieces of %i bytes',
    async (size) => {
      const all = gunzipSync(whole).subarray(0, size === 1 ? 8_000 : 100_000);
      const bytes = all.subarray(0, all.lastIndexOf('{"v":1'));
      const pieces = async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      };
      let seq = 0;
      for await (const entry of splitEntries(pieces(), 1)) {
        const stored = Buffer.from((await store.get(entryKey('log', ++seq))) ?? []);
        expect(stored.equals(entry)).toBe(true);
      }
      expect(seq).toBeGreaterThan(10);
    },
  );

  it('splitEntries() refuses what has no end', async () => {
    const endless = async function* () {
      for (;;) yield Buffer.alloc(64 * 1024, 'x');
    };
    await expect(splitEntries(endless(), 1).next()).rejects.toMatchObject({ code: 'EBPM_LOG_UNSOUND' });
  });
});
