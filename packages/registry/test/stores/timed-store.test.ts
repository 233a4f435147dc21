import { describe, expect, it } from 'vitest';
import { blobKey, entryKey } from '../../src/stores/keys.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';
import { timedStore } from '../../src/stores/timed-store.js';
import { FakeClock } from '../log/fake-clock.js';
import { describeStore } from './conformance.js';

describeStore('timed memory', async (test) => test(timedStore(createMemoryStore(), new FakeClock())));

describe('timedStore()', () => {
  const BLOB = blobKey('ab'.repeat(32));
  const never = () => new Promise<never>(() => undefined);
  const deaf = {
    ...createMemoryStore(),
    create: never,
    putBlob: never,
    get: never,
    list: never,
    head: never,
    remove: never,
  };

  it.each<[string, number, (store: Store) => Promise<unknown>]>([
    ['create', 5_000, (store) => store.create(entryKey('log', 1), new Uint8Array())],
    ['putBlob', 60_000, (store) => store.putBlob(BLOB, new Uint8Array())],
    ['list', 10_000, (store) => store.list('log/')],
    ['head', 5_000, (store) => store.head(BLOB)],
    ['remove', 5_000, (store) => store.remove(BLOB)],
  ])('%s() without an answer is ambiguous after %i ms', async (_, limitMs, ask) => {
    const clock = new FakeClock();
    const startMs = clock.nowMs();
    await expect(clock.run(ask(timedStore(deaf, clock)))).rejects.toMatchObject({ outcome: 'ambiguous' });
    expect(clock.nowMs() - startMs).toBe(limitMs);
  });

  it('get() of a blob may take longer than one of an entry', async () => {
    const clock = new FakeClock();
    const timed = timedStore(deaf, clock);
    const startMs = clock.nowMs();
    await expect(clock.run(timed.get(entryKey('log', 1)))).rejects.toMatchObject({ outcome: 'ambiguous' });
    expect(clock.nowMs() - startMs).toBe(5_000);
    await expect(clock.run(timed.get(BLOB))).rejects.toMatchObject({ outcome: 'ambiguous' });
    expect(clock.nowMs() - startMs).toBe(65_000);
  });

  it('create() tells the store that its time is over, and that its caller gave up', async () => {
    const clock = new FakeClock();
    const signals: AbortSignal[] = [];
    const store = {
      ...deaf,
      create: (_key: string, _bytes: Uint8Array, signal?: AbortSignal) => {
        if (signal !== undefined) signals.push(signal);
        return never();
      },
    };
    const timed = timedStore(store, clock);
    const caller = new AbortController();
    const given = timed.create(entryKey('log', 1), new Uint8Array(), caller.signal);
    caller.abort();
    expect(signals[0]?.aborted).toBe(true);
    await expect(clock.run(given)).rejects.toMatchObject({ outcome: 'ambiguous' });
    await expect(clock.run(timed.create(entryKey('log', 1), new Uint8Array()))).rejects.toMatchObject({});
    expect(signals[1]?.aborted).toBe(true);
  });
});
