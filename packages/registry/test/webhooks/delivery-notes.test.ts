import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';
import { StoreError } from '../../src/stores/store-error.js';
import { DeliveryNotes } from '../../src/webhooks/delivery-notes.js';

let store: Store;
let elapsedMs: number;
beforeEach(() => {
  store = createMemoryStore();
  elapsedMs = 1000;
});
const notesOf = (name: string, on = store) =>
  new DeliveryNotes(on, { ...systemClock, elapsedMs: () => elapsedMs }, name);
const STATES = { '0123456789abcdef': { after: '7-0', failures: 0 } };

describe('DeliveryNotes', () => {
  it('lets one deliver, whoever and how many ask', async () => {
    const all = ['a', 'b', 'c', 'd'].map((name) => notesOf(name));
    for (let round = 0; round < 3; round++) {
      const taken = await Promise.all(all.map((notes) => notes.take()));
      expect(taken.filter((states) => states !== undefined)).toHaveLength(1);
      elapsedMs += 30_000;
      for (const notes of all) await notes.note(STATES);
    }
  });

  it('lets another one go on where a silent one stopped, and tells the silent one', async () => {
    const [a, b] = [notesOf('a'), notesOf('b')];
    expect(await a.take()).toEqual({});
    expect(await a.note(STATES)).toBe(true);
    expect(await b.take()).toBeUndefined();
    elapsedMs += 39_000;
    expect(await b.take()).toBeUndefined();
    elapsedMs += 2_000;
    expect(await b.take()).toEqual(STATES);
    expect(await a.note({})).toBe(false);
    expect(await a.note({})).toBe(false);
    expect((await notesOf('c').read()).states).toEqual(STATES);
  });

  it('lets another one go on at once when one has ended', async () => {
    const [a, b] = [notesOf('a'), notesOf('b')];
    await a.take();
    await b.take();
    await a.leave(STATES);
    expect(await b.take()).toEqual(STATES);
  });

  it('asks the store what happened when its answer is lost', async () => {
    const lossy: Store = {
      ...store,
      async create(key, bytes, signal) {
        await store.create(key, bytes, signal);
        throw new StoreError('ambiguous', 'Cannot say');
      },
    };
    const a = notesOf('a', lossy);
    expect(await a.take()).toEqual({});
    expect(await a.note(STATES)).toBe(true);
    expect(await notesOf('b').take()).toBeUndefined();
  });

  it('leaves few notes behind', async () => {
    const a = notesOf('a');
    await a.take();
    for (let i = 0; i < 20; i++) await a.note(STATES);
    expect((await store.list('deliveries/')).length).toBeLessThanOrEqual(5);
  });
});
