import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  blobKey,
  entryKey,
  personKey,
  probeKey,
  type RemovableKey,
  type StoreKey,
  segmentKey,
} from '../../src/stores/keys.js';
import { readLargeObject } from '../../src/stores/large-object.js';
import type { ByteRange, Store } from '../../src/stores/store.js';

/** What every kind of store does. `withStore` runs a test on an empty one, opened by as many processes as the test says. */
export function describeStore(kind: string, withStore: WithStore): void {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));
  const blob = blobKey('ab'.repeat(32));

  describe(`${kind} store`, () => {
    it('create() writes once, and get() gives those bytes', () =>
      withStore(async (store) => {
        expect(await store.create(entryKey('log', 1), bytes('first'))).toBe('created');
        expect(await store.create(entryKey('log', 1), bytes('second'))).toBe('exists');
        expect(await read(store, entryKey('log', 1))).toBe('first');
      }));

    it('create() lets one of 32 racers win, and stores what the winner wrote', () =>
      withStore(async (store) => {
        const answers = await Promise.all(
          Array.from({ length: 32 }, (_, i) => answerOf(() => store.create(entryKey('log', 1), bytes(`racer ${i}`)))),
        );
        const stored = await read(store, entryKey('log', 1));
        const winners = answers.flatMap((answer, i) => (answer === 'created' ? [`racer ${i}`] : []));
        expect(winners.filter((winner) => winner !== stored)).toEqual([]);
        expect(stored).toMatch(/^racer \d+$/);
      }));

    it('create() keeps bytes of every value, and none', () =>
      withStore(async (store) => {
        const all = Uint8Array.from({ length: 256 }, (_, i) => i);
        await store.create(entryKey('log', 1), all);
        await store.create(entryKey('log', 2), new Uint8Array());
        expect(await read(store, entryKey('log', 1))).toBe(Buffer.from(all).toString('latin1'));
        expect(await read(store, entryKey('log', 2))).toBe('');
      }));

    it("create() does not keep the caller's bytes, and get() does not give its own away", () =>
      withStore(async (store) => {
        const mine = bytes('mine');
        await store.create(entryKey('log', 1), mine);
        mine.fill(0);
        (await store.get(entryKey('log', 1)))?.fill(0);
        expect(await read(store, entryKey('log', 1))).toBe('mine');
      }));

    it('get(), head() and list() find nothing where nothing is', () =>
      withStore(async (store) => {
        expect(await store.get(entryKey('accounts', 1))).toBeUndefined();
        expect(await store.head(blob)).toBeUndefined();
        expect(await store.list('people/')).toEqual([]);
      }));

    it('get() gives a part, cut at the end', () =>
      withStore(async (store) => {
        await store.create(entryKey('log', 1), bytes('0123456789'));
        const part = (offsetBytes: number, lengthBytes: number) =>
          read(store, entryKey('log', 1), { offsetBytes, lengthBytes });
        expect(await part(2, 3)).toBe('234');
        expect(await part(8, 10)).toBe('89');
        expect(await part(10, 5)).toBe('');
        expect(await store.get(blob, { offsetBytes: 0, lengthBytes: 1 })).toBeUndefined();
      }));

    it('head() gives the size', () =>
      withStore(async (store) => {
        await store.putBlob(blob, randomBytes(100_000));
        expect(await store.head(blob)).toBe(100_000);
      }));

    it('putBlob() writes, and writes again over what is damaged', () =>
      withStore(async (store) => {
        await store.putBlob(blob, bytes('damaged'));
        await store.putBlob(blob, bytes('whole'));
        expect(await read(store, blob)).toBe('whole');
      }));

    it('putFile() writes a file, and another over it, which is read in parts', () =>
      withStore(async (store) => {
        const folder = await mkdtemp(join(tmpdir(), 'ebpm-file-'));
        try {
          for (const size of [10, 3_000_000]) {
            const content = randomBytes(size);
            await writeFile(join(folder, 'file'), content);
            await store.putFile(segmentKey(1), join(folder, 'file'));
            const parts: Uint8Array[] = [];
            for await (const part of readLargeObject(store, segmentKey(1))) parts.push(part);
            expect(Buffer.concat(parts).equals(content)).toBe(true);
          }
          expect(await store.list('segments/')).toEqual([segmentKey(1)]);
        } finally {
          await rm(folder, { recursive: true });
        }
      }));

    it('overwriteEntry() writes over an entry', () =>
      withStore(async (store) => {
        await store.create(entryKey('log', 1), bytes('whole'));
        await store.overwriteEntry(entryKey('log', 1), bytes('redacted'));
        expect(await read(store, entryKey('log', 1))).toBe('redacted');
      }));

    it('writtenAtMs() gives the time of the last write', () =>
      withStore(async (store) => {
        expect(await store.writtenAtMs(blob)).toBeUndefined();
        await store.putBlob(blob, bytes('x'));
        const ageMs = Date.now() + store.clockOffsetMs() - ((await store.writtenAtMs(blob)) ?? 0);
        expect(Math.abs(ageMs)).toBeLessThan(60_000);
      }));

    it('list() gives keys in order, after a key, under a prefix, and no more than asked for', () =>
      withStore(async (store) => {
        for (const seq of [3, 1, 12, 2]) await store.create(entryKey('log', seq), bytes('x'));
        await store.create(entryKey('accounts', 1), bytes('x'));
        const keys = [1, 2, 3, 12].map((seq) => entryKey('log', seq));
        expect(await store.list('log/')).toEqual(keys);
        expect(await store.list('log/', { limit: 2 })).toEqual(keys.slice(0, 2));
        expect(await store.list('log/', { after: entryKey('log', 2) })).toEqual(keys.slice(2));
        expect(await store.list('log/', { after: entryKey('log', 12) })).toEqual([]);
      }));

    it('list() sorts by whole keys, not by their parts', () =>
      withStore(async (store) => {
        const keys = [personKey('a', 1), personKey('a-b', 1), personKey('a', 10), personKey('ab', 2)];
        for (const key of keys) await store.create(key, bytes('x'));
        const sorted = [...keys].sort();
        expect(await store.list('people/')).toEqual(sorted);
        for (const [i, after] of sorted.entries()) {
          expect(await store.list('people/', { after })).toEqual(sorted.slice(i + 1));
        }
        expect(await store.list('people/a/')).toEqual([personKey('a', 1), personKey('a', 10)]);
      }));

    it('remove() removes blobs, people and probes, and does not mind when they are gone', () =>
      withStore(async (store) => {
        const keys: RemovableKey[] = [blob, personKey('u1', 1), probeKey('0'.repeat(32), 'x'), segmentKey(1)];
        for (const key of keys) {
          await store.create(key, bytes('x'));
          await store.remove(key);
          await store.remove(key);
          expect(await store.get(key)).toBeUndefined();
        }
      }));

    it('remove() refuses entries with a TypeError', () =>
      withStore(async (store) => {
        for (const log of ['log', 'accounts'] as const) {
          await store.create(entryKey(log, 1), bytes('x'));
          const key: string = entryKey(log, 1);
          await expect(store.remove(key as RemovableKey)).rejects.toThrow(TypeError);
          expect(await store.head(entryKey(log, 1))).toBe(1);
        }
      }));

    it.each(['log/../x', 'log/1', '/etc/passwd', 'blobs/sha256/ab/../../x', 'people/../1', '.tmp/x', ''])(
      'every method refuses "%s", which is no key',
      (text) =>
        withStore(async (store) => {
          const key = text as RemovableKey;
          await expect(store.create(key, bytes('x'))).rejects.toThrow(TypeError);
          await expect(store.putBlob(text as typeof blob, bytes('x'))).rejects.toThrow(TypeError);
          await expect(store.get(key)).rejects.toThrow(TypeError);
          await expect(store.writtenAtMs(key)).rejects.toThrow(TypeError);
          await expect(store.head(key)).rejects.toThrow(TypeError);
          await expect(store.remove(key)).rejects.toThrow(TypeError);
          await expect(store.list(text as 'log/')).rejects.toThrow(TypeError);
        }),
    );

    it('create() and putBlob() refuse more than the kind of key allows', () =>
      withStore(async (store) => {
        const entry = store.create(entryKey('log', 1), new Uint8Array(1024 * 1024 + 1));
        await expect(entry).rejects.toMatchObject({ code: 'EBPM_STORE_REFUSED', outcome: 'refused' });
        const large = store.putBlob(blob, new Uint8Array(20 * 1024 * 1024 + 1));
        await expect(large).rejects.toMatchObject({ code: 'EBPM_STORE_REFUSED' });
        expect(await store.head(entryKey('log', 1))).toBeUndefined();
      }));

    it('close() can be called twice', () =>
      withStore(async (store) => {
        await store.close();
        await store.close();
      }));
  });
}

/** Runs a test with an empty store, and puts everything away afterwards. */
export type WithStore = (test: (store: Store) => Promise<void>) => Promise<void>;

/** The bytes as characters, one each. */
async function read(store: Store, key: StoreKey, range?: ByteRange): Promise<string | undefined> {
  const bytes = await store.get(key, range);
  return bytes && Buffer.from(bytes).toString('latin1');
}

/** Under contention a store may be unsure. */
async function answerOf(create: () => Promise<string>): Promise<string> {
  try {
    return await create();
  } catch (error) {
    if (error instanceof Error && 'outcome' in error && error.outcome === 'ambiguous') return 'unsure';
    throw error;
  }
}
