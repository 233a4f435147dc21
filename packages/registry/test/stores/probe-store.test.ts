import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/random.js';
import type { StoreKey } from '../../src/stores/keys.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { probeStore } from '../../src/stores/probe-store.js';
import type { Store } from '../../src/stores/store.js';
import { StoreError } from '../../src/stores/store-error.js';

/** A store that takes every create, as one does that does not know the condition. */
function ignorant(store: Store): Store {
  return {
    ...store,
    async create(key, bytes) {
      await store.remove(key as never);
      await store.create(key, bytes);
      return 'created';
    },
  };
}

describe('probeStore()', () => {
  it('probeStore() accepts a sound store, and leaves nothing in it', async () => {
    const written = new Set<StoreKey>();
    const store = createMemoryStore();
    const watched: Store = {
      ...store,
      create(key, bytes) {
        written.add(key);
        return store.create(key, bytes);
      },
    };
    await probeStore(watched, systemRandom);
    expect(written.size).toBe(3);
    for (const key of written) expect(await store.head(key)).toBeUndefined();
  });

  it('probeStore() accepts a store that is unsure under contention', async () => {
    const store = createMemoryStore();
    const unsure: Store = {
      ...store,
      async create(key, bytes) {
        await store.create(key, bytes);
        throw new StoreError('ambiguous', '500');
      },
    };
    await probeStore(unsure, systemRandom);
  });

  it.each<[string, (store: Store) => Store]>([
    ['ignores the condition', ignorant],
    ['takes everything and keeps nothing', (store) => ({ ...store, create: async () => 'created' })],
    [
      'answers success to all and keeps the first',
      (store) => ({ ...store, create: (key, bytes) => store.create(key, bytes).then(() => 'created') }),
    ],
    ['does not list what it has', (store) => ({ ...store, list: async () => [] })],
  ])('probeStore() refuses a store that %s', async (_, made) => {
    const store = made(createMemoryStore());
    await expect(probeStore(store, systemRandom)).rejects.toMatchObject({ code: 'EBPM_STORE_UNSUITABLE' });
  });

  it('probeStore() says what a store says that refuses', async () => {
    const store = { ...createMemoryStore(), create: () => Promise.reject(new StoreError('refused', '403')) };
    await expect(probeStore(store, systemRandom)).rejects.toMatchObject({ code: 'EBPM_STORE_REFUSED' });
  });

  it('probeStore() does without the right to remove', async () => {
    const store = { ...createMemoryStore(), remove: () => Promise.reject(new StoreError('refused', '403')) };
    await probeStore(store, systemRandom);
  });
});
