import { afterEach, describe, expect, it } from 'vitest';
import { writeEntry } from '../../src/log/write-entry.js';
import { entryKey } from '../../src/stores/keys.js';
import { latentStore } from '../stores/latent-store.js';
import { LogWorld } from './log-world.js';
import { publish } from './version-fold.js';

describe('a log that follows', () => {
  let world = new LogWorld();
  afterEach(async () => {
    await world.close();
    world = new LogWorld();
  });

  /** A replica whose GETs are written down, by the number asked for. */
  async function watched() {
    const asked: string[] = [];
    const store = {
      ...world.store,
      get: (key: Parameters<typeof world.store.get>[0]) => {
        asked.push(key);
        return world.store.get(key);
      },
    };
    const { log, fold } = await world.open({ store });
    asked.length = 0;
    return { log, fold, asked };
  }

  it('follower asks for the next number four times a second', async () => {
    const { asked } = await watched();
    await world.clock.advance(60_000);
    expect(asked.length).toBeGreaterThan(225);
    expect(asked.length).toBeLessThan(255);
    expect(new Set(asked)).toEqual(new Set([entryKey('log', 2)]));
  });

  it('follower asks every two seconds after ten minutes without news, and often again after news', async () => {
    const { log, asked } = await watched();
    await world.clock.advance(600_000);
    asked.length = 0;
    await world.clock.advance(60_000);
    expect(asked.length).toBeGreaterThan(27);
    expect(asked.length).toBeLessThan(34);
    await world.run(log.commit(publish('1.0.0')));
    asked.length = 0;
    await world.clock.advance(60_000);
    expect(asked.length).toBeGreaterThan(225);
  });

  it('follower sees what another replica wrote within 350 ms', async () => {
    const { fold } = await watched();
    const { log } = await world.open();
    await world.run(log.commit(publish('1.0.0')));
    await world.clock.advance(350);
    expect(fold.versions.has('1.0.0')).toBe(true);
  });

  it('kick() looks at once, but not twice within 100 ms', async () => {
    const { log, asked } = await watched();
    await world.run(Promise.all([log.kick(), log.kick(), log.kick()]));
    expect(asked).toHaveLength(1);
    await world.clock.advance(100);
    asked.length = 0;
    await world.run(log.kick());
    expect(asked).toHaveLength(1);
  });

  it('kick() within 100 ms of another waits for the pass of that one', async () => {
    const far = latentStore(world.store, { readMs: 50, createMs: 50 }, world.clock);
    const { log, fold } = await world.open({ store: far });
    await world.store.create(entryKey('log', 2), entryAfter(log.head()));
    const first = log.kick();
    await world.clock.advance(10);
    await world.run(log.kick());
    expect(fold.versions.has('1.0.0')).toBe(true);
    await world.run(first);
  });

  it('catchUp() sees everything that was in the store when it was called, though another pass was under way', async () => {
    const { log, fold } = await world.open({
      store: latentStore(world.store, { readMs: 50, createMs: 50 }, world.clock),
    });
    const earlier = log.catchUp();
    await world.clock.advance(40);
    const other = await world.open();
    await world.store.create(entryKey('log', 2), entryAfter(other.log.head()));
    await world.run(Promise.all([earlier, log.catchUp(), log.catchUp()]));
    expect(fold.versions.has('1.0.0')).toBe(true);
  });

  it('catchUp() doubles its reads up to sixteen', async () => {
    const writer = await world.open();
    for (let i = 0; i < 60; i++) await world.run(writer.log.commit(publish(`1.0.${i}`)));
    let underWay = 0;
    let most = 0;
    const far = latentStore(world.store, { readMs: 10, createMs: 10 }, world.clock);
    const store: typeof far = {
      ...far,
      async get(key) {
        most = Math.max(most, ++underWay);
        const bytes = await far.get(key);
        underWay--;
        return bytes;
      },
    };
    const startMs = world.clock.nowMs();
    const { fold } = await world.open({ store });
    expect(fold.versions.size).toBe(60);
    expect(most).toBe(16);
    // Entry 1, a look for a segment, then 1 + 2 + 4 + 8 + 16 + 16 + 16, then the LIST.
    expect(world.clock.nowMs() - startMs).toBe(100);
  });

  it('health() says that a replica is behind when it reads for more than 10 s without coming to the end', async () => {
    let isHidden = true;
    const slow = latentStore(world.store, { readMs: 2_000, createMs: 10 }, world.clock);
    const get: typeof slow.get = (key) => (isHidden ? Promise.resolve(undefined) : slow.get(key));
    const writer = await world.open();
    for (let i = 0; i < 60; i++) await world.run(writer.log.commit(publish(`1.0.${i}`)));
    const first = await world.store.get(entryKey('log', 1));
    const { log } = await world.open({
      store: {
        ...slow,
        get: (key) => (key === entryKey('log', 1) ? Promise.resolve(first) : get(key)),
        list: async () => [],
      },
    });
    isHidden = false;
    const caughtUp = log.catchUp();
    await world.clock.advance(9_000);
    expect(log.health()).toEqual({ ok: true });
    await world.clock.advance(2_000);
    expect(log.health()).toMatchObject({ ok: false, error: { code: 'EBPM_REGISTRY_BEHIND' } });
    await world.run(caughtUp);
    await world.clock.advance(5_000);
    expect(log.health()).toEqual({ ok: true });
  });

  it('catchUp() is not fooled by numbers that are filled while it reads ahead', async () => {
    const writer = await world.open();
    for (let i = 0; i < 3; i++) await world.run(writer.log.commit(publish(`1.0.${i}`)));
    const far = latentStore(world.store, { readMs: 10, createMs: 0 }, world.clock);
    const store: typeof far = {
      ...far,
      async get(key) {
        // Entry 5 is read before it is written, entry 6 after it was.
        if (key === entryKey('log', 6)) await world.clock.sleep(50);
        return far.get(key);
      },
    };
    const opened = world.open({ store });
    const written = (async () => {
      await world.clock.sleep(45);
      await writer.log.commit(publish('2.0.0'));
      await writer.log.commit(publish('2.0.1'));
    })();
    await world.run(written);
    const { log, fold } = await opened;
    expect(log.health()).toEqual({ ok: true });
    expect(fold.versions.size).toBe(5);
  });
});

function entryAfter(after: { readonly seq: number; readonly hash: string }): Uint8Array {
  const line = JSON.stringify({
    type: 'publish',
    salt: '0'.repeat(32),
    by: 'u1',
    auth: 0,
    version: '1.0.0',
    digest: 'd',
  });
  return writeEntry({ after, nonce: '0'.repeat(32), writer: 'test', timeMs: 0, opLines: [line] });
}
