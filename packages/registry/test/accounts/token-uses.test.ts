import { beforeEach, describe, expect, it } from 'vitest';
import { TokenUses } from '../../src/accounts/token-uses.js';
import { systemClock } from '../../src/clock.js';
import { systemRandom } from '../../src/random.js';
import { useKey } from '../../src/stores/keys.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';

let store: Store;
let now: number;
beforeEach(() => {
  store = createMemoryStore();
  now = Date.parse('2026-01-01T00:00:00.000Z');
});

const tokenOf = (n: number) => `t_${n.toString(16).padStart(16, '0')}`;
const clock = { ...systemClock, nowMs: () => now, elapsedMs: () => now };

function process(isToken: (id: string) => boolean = () => true): TokenUses {
  return new TokenUses({ store, isToken, clock, random: systemRandom });
}

describe('TokenUses', () => {
  it('tells other processes, and those that come later, when a token was used last', async () => {
    const [here, there] = [process(), process()];
    here.note(tokenOf(1));
    await here.flush();
    now += 60_000;
    there.note(tokenOf(1));
    await there.refresh();
    expect(there.lastOf(tokenOf(1))).toBe('2026-01-01T00:01:00.000Z');
    await there.close();
    await here.refresh();
    expect(here.lastOf(tokenOf(1))).toBe('2026-01-01T00:01:00.000Z');
    const later = process();
    expect(later.lastOf(tokenOf(1))).toBeUndefined();
    await later.refresh();
    expect(later.lastOf(tokenOf(1))).toBe('2026-01-01T00:01:00.000Z');
  });

  it('writes again what the store did not take, and nothing twice', async () => {
    const { create } = store;
    store.create = () => Promise.reject(new Error('full'));
    const one = process();
    one.note(tokenOf(1));
    await expect(one.flush()).rejects.toThrow('full');
    store.create = create;
    await one.flush();
    await one.flush();
    expect(await store.list('uses/')).toHaveLength(1);
  });

  it('puts many files together without losing a use, and forgets tokens that are gone', async () => {
    for (let n = 0; n < 40; n++) {
      const one = process();
      one.note(tokenOf(n));
      await one.close();
      now += 1_000;
    }
    const finders = [process((id) => id !== tokenOf(3)), process((id) => id !== tokenOf(3))];
    await Promise.all(finders.map((one) => one.refresh()));
    expect((await store.list('uses/')).length).toBeLessThanOrEqual(2);
    const later = process();
    await later.refresh();
    const known = Array.from({ length: 40 }, (_, n) => later.lastOf(tokenOf(n))).filter((at) => at !== undefined);
    expect(known).toHaveLength(39);
  });

  it.each(['no JSON', '[]', '{"v":2,"uses":{}}', `{"v":1,"uses":{"${tokenOf(1)}":1e300,"x":5,"${tokenOf(2)}":-1}}`])(
    'reads nothing out of %s',
    async (text) => {
      await store.create(useKey(now, '0'.repeat(16)), Buffer.from(text));
      const one = process();
      await one.refresh();
      expect([one.lastOf(tokenOf(1)), one.lastOf(tokenOf(2)), one.lastOf('x')]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    },
  );
});
