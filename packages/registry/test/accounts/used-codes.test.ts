import { describe, expect, it } from 'vitest';
import { UsedCodes } from '../../src/accounts/used-codes.js';
import { systemRandom } from '../../src/random.js';
import { createMemoryStore } from '../../src/stores/memory.js';

const USER = `u_${'0'.repeat(32)}`;

describe('UsedCodes.use()', () => {
  it('lets a code be used once, in one of any number of processes', async () => {
    const store = createMemoryStore();
    const processes = Array.from({ length: 5 }, () => new UsedCodes(store, systemRandom));
    const used = await Promise.all(processes.map((one) => one.use(USER, 58_000_000)));
    expect(used.filter((isFirst) => isFirst)).toHaveLength(1);
    expect(await processes[0]?.use(USER, 58_000_001)).toBe(true);
    expect(await processes[0]?.use(`u_${'1'.repeat(32)}`, 58_000_000)).toBe(true);
  });

  it('knows its own code again when the store says so of what it has just written', async () => {
    const store = createMemoryStore();
    const odd = {
      ...store,
      async create(...args: Parameters<typeof store.create>) {
        await store.create(...args);
        return 'exists' as const;
      },
    };
    const codes = new UsedCodes(odd, systemRandom);
    expect(await codes.use(USER, 58_000_000)).toBe(true);
    expect(await codes.use(USER, 58_000_000)).toBe(false);
  });

  it('forgets codes that are too old for every clock', async () => {
    const store = createMemoryStore();
    const codes = new UsedCodes(store, systemRandom);
    for (const step of [1, 2, 60, 130]) await codes.use(USER, step);
    expect(await store.list('codes/')).toEqual([60, 130].map((step) => `codes/${`${step}`.padStart(12, '0')}-${USER}`));
  });
});
