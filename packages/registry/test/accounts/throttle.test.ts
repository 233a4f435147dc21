import { beforeEach, describe, expect, it } from 'vitest';
import { Throttle } from '../../src/accounts/throttle.js';
import { systemClock } from '../../src/clock.js';
import { serverKey } from '../../src/keys/server-key.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';

let now: number;
let store: Store;
beforeEach(() => {
  now = 1_000_000;
  store = createMemoryStore();
});

/** What one process of the registry has. */
function throttle(of: Store = store): Throttle {
  return new Throttle({ store: of, key: serverKey(new Uint8Array(32)), clock: { ...systemClock, nowMs: () => now } });
}

async function isThrottled(one: Throttle): Promise<boolean> {
  try {
    await one.check('a');
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'EBPM_LOGIN_THROTTLED' });
    return true;
  }
}

async function notes(): Promise<number> {
  const shards = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
  const listed = await Promise.all(shards.map((shard) => store.list(`attempts/${shard}/`)));
  return listed.flat().length;
}

describe('Throttle', () => {
  it('doubles the wait from a second to a quarter of an hour, and forgets on success', async () => {
    const one = throttle();
    const waits: number[] = [];
    for (let i = 0; i < 20; i++) {
      await one.fail('a');
      const from = now;
      while (await isThrottled(one)) now += 1_000;
      waits.push((now - from) / 1_000);
    }
    expect(waits.slice(0, 8)).toEqual([0, 0, 0, 0, 1, 2, 4, 8]);
    expect(waits.at(-1)).toBe(900);
    await one.fail('a');
    expect(await isThrottled(one)).toBe(true);
    expect(await notes()).toBe(8);
    await one.succeed('a');
    expect(await isThrottled(one)).toBe(false);
    expect(await notes()).toBe(0);
  });

  it('counts what all processes have seen, and forgets it everywhere', async () => {
    const [here, there] = [throttle(), throttle()];
    for (const one of [here, there, here, there, here]) await one.take('a');
    expect(await isThrottled(there)).toBe(true);
    expect(await isThrottled(throttle())).toBe(true);
    await expect(there.take('a')).rejects.toMatchObject({ code: 'EBPM_LOGIN_THROTTLED', data: { seconds: 1 } });
    now += 1_000;
    await there.take('a');
    await here.succeed('a');
    expect(await isThrottled(throttle())).toBe(false);
  });

  it('lets no more than five through when many try at once, in any number of processes', async () => {
    const processes = Array.from({ length: 4 }, () => throttle(slow(store)));
    const attempts = Array.from({ length: 40 }, (_, i) => processes[i % 4]?.take('a'));
    const outcomes = (await Promise.allSettled(attempts)).map(({ status }) => status);
    const passed = outcomes.filter((status) => status === 'fulfilled').length;
    expect(passed).toBeGreaterThan(0);
    expect(passed).toBeLessThanOrEqual(5);
  });

  it('forgets after a day, and says nothing of who it was', async () => {
    const one = throttle();
    for (let i = 0; i < 6; i++) await one.fail('a');
    expect(await isThrottled(one)).toBe(true);
    now += 86_400_000;
    expect(await isThrottled(one)).toBe(false);
    await one.take('a');
    expect(await isThrottled(one)).toBe(false);
    await one.take('user alice');
    for await (const key of await store.list('attempts/')) expect(key).not.toContain('alice');
  });

  it('tells nobody that he may try while the store does not answer', async () => {
    const dead = { ...store, list: () => Promise.reject(new Error('no store')) };
    await expect(throttle(dead).take('a')).rejects.toThrow('no store');
    await expect(throttle(dead).check('a')).rejects.toThrow('no store');
  });
});

/** Answers a little later, so that others come in between. */
function slow(to: Store): Store {
  const later = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    ...to,
    async list(...args) {
      await later();
      return to.list(...args);
    },
    async create(...args) {
      await later();
      return to.create(...args);
    },
  };
}
