import { afterEach, describe, expect, it } from 'vitest';
import { RULES, rulesWith } from '../../src/log/op.js';
import { writeEntry } from '../../src/log/write-entry.js';
import { entryKey } from '../../src/stores/keys.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { StoreError } from '../../src/stores/store-error.js';
import { latentStore } from '../stores/latent-store.js';
import { LogWorld } from './log-world.js';
import { publish, VersionFold } from './version-fold.js';

const SALT = '5a'.repeat(16);
const NONCE = 'ab'.repeat(16);

describe('openLog()', () => {
  let world = new LogWorld();
  afterEach(async () => {
    await world.close();
    world = new LogWorld();
  });

  it('openLog() makes entry 1 in an empty store', async () => {
    const { log, fold } = await world.open();
    expect(log.head()).toEqual({ seq: 1, hash: log.identity });
    expect(log.registry).toMatch(/^[0-9a-f]{32}$/);
    expect(fold.applied).toEqual([1]);
    expect(await entryText(1)).toContain(`"type":"genesis"`);
    expect(await entryText(1)).toContain(`"rules":${RULES},"registry":"${log.registry}"`);
  });

  it('openLog() joins the registry that another process made first', async () => {
    const first = await world.open();
    const second = await world.open();
    expect(second.log.identity).toBe(first.log.identity);
    expect(second.log.registry).toBe(first.log.registry);
  });

  it('openLog() agrees on one genesis when several processes start at once', async () => {
    const slow = latentStore(world.store, { readMs: 10, createMs: 10 }, world.clock);
    const replicas = await Promise.all([1, 2, 3, 4].map(() => world.open({ store: slow })));
    expect(new Set(replicas.map(({ log }) => log.identity)).size).toBe(1);
    expect(replicas.map(({ fold }) => fold.applied)).toEqual([[1], [1], [1], [1]]);
  });

  it('openLog() joins a registry that is made between its first two looks', async () => {
    let looks = 0;
    const store: typeof world.store = {
      ...world.store,
      async get(key) {
        if (looks++ > 0) return world.store.get(key);
        await world.open();
        return undefined;
      },
    };
    const { log } = await world.open({ store });
    expect(log.health()).toEqual({ ok: true });
    expect(log.head().seq).toBe(1);
  });

  it('openLog() gives the accounts log the registry of the log beside it', async () => {
    const { log } = await world.open();
    const accounts = await world.open({ log: 'accounts', registry: log.registry });
    expect(accounts.log.registry).toBe(log.registry);
  });

  it('openLog() refuses an accounts log of another registry', async () => {
    await world.open({ log: 'accounts' });
    const opened = world.open({ log: 'accounts', registry: '0'.repeat(32) });
    await expect(opened).rejects.toMatchObject({ code: 'EBPM_LOG_UNSOUND' });
  });

  it('openLog() takes up where the fold is', async () => {
    const { log, fold } = await world.open();
    for (const version of ['1.0.0', '1.1.0']) await world.run(log.commit(publish(version)));
    await world.run(log.close());
    const applied = [...fold.applied];
    const again = await world.open({ fold });
    expect(again.log.head()).toEqual(log.head());
    expect(again.log.identity).toBe(log.identity);
    expect(fold.applied).toEqual(applied);
  });

  it('openLog() resets a fold whose store was emptied', async () => {
    const { fold } = await new LogWorld(2).open();
    const { log } = await world.open({ fold });
    expect(fold.resets).toBe(1);
    expect(fold.position()).toEqual({ ...log.head(), identity: log.identity });
  });

  it('openLog() resets a fold that was made from another registry', async () => {
    const { fold } = await new LogWorld(2).open();
    await world.open();
    const { log } = await world.open({ fold });
    expect(fold.resets).toBe(1);
    expect(log.health()).toEqual({ ok: true });
  });

  it('openLog() serves but does not write when the store was set back behind the fold', async () => {
    const { log, fold } = await world.open();
    const backup = await copyOf(1);
    await world.run(log.commit(publish('1.0.0')));
    await world.run(log.close());
    const { log: again } = await world.open({ store: backup, fold });
    expect(again.health()).toMatchObject({ ok: false, error: { code: 'EBPM_LOG_UNSOUND' } });
    await expect(world.run(again.commit(publish('2.0.0')))).rejects.toMatchObject({ code: 'EBPM_LOG_UNSOUND' });
    expect(fold.versions.size).toBe(1);
  });

  it('openLog() refuses a store that begins with something else', async () => {
    await world.store.create(entryKey('log', 1), Buffer.from('{}\n'));
    await expect(world.open()).rejects.toMatchObject({ code: 'EBPM_LOG_UNSOUND' });
  });

  it('openLog() refuses a store whose entry 1 is missing', async () => {
    await world.store.create(entryKey('log', 2), Buffer.from('{}\n'));
    await expect(world.open()).rejects.toMatchObject({ code: 'EBPM_LOG_UNSOUND' });
  });

  it('openLog() refuses a store whose entry 1 has no genesis', async () => {
    await world.store.create(entryKey('log', 1), entryAfter({ seq: 0, hash: '0'.repeat(64) }, [publishLine('1.0.0')]));
    await expect(world.open()).rejects.toMatchObject({ code: 'EBPM_LOG_UNSOUND' });
  });

  it('openLog() says what the store says when it refuses the genesis', async () => {
    const store = { ...createMemoryStore(), create: () => Promise.reject(new StoreError('refused', 'no')) };
    await expect(world.open({ store })).rejects.toMatchObject({ code: 'EBPM_STORE_REFUSED' });
  });

  async function entryText(seq: number): Promise<string> {
    return Buffer.from((await world.store.get(entryKey('log', seq))) ?? []).toString();
  }

  /** The store as it was when it had so many entries. */
  async function copyOf(entries: number) {
    const copy = createMemoryStore();
    for (let seq = 1; seq <= entries; seq++) {
      const bytes = await world.store.get(entryKey('log', seq));
      if (bytes !== undefined) await copy.create(entryKey('log', seq), bytes);
    }
    return copy;
  }
});

describe('Log', () => {
  let world = new LogWorld();
  afterEach(async () => {
    await world.close();
    world = new LogWorld();
  });

  it('commit() writes an operation and applies it before it answers', async () => {
    const { log, fold } = await world.open();
    const committed = await world.run(log.commit(publish('1.0.0')));
    expect(committed).toEqual({ already: false, seq: 2, index: 0, hash: log.head().hash, time: expect.any(String) });
    expect(fold.versions.get('1.0.0')).toEqual({ digest: 'd0', seq: 2 });
  });

  it('commit() answers a repeated publish with the first number, on every replica', async () => {
    const [one, two] = [await world.open(), await world.open()];
    await world.run(one.log.commit(publish('1.0.0')));
    for (const { log } of [one, two]) {
      expect(await world.run(log.commit(publish('1.0.0')))).toEqual({ already: true, seq: 2 });
    }
    expect((await world.audit()).applied).toEqual([1, 2]);
  });

  it('commit() refuses other contents of a version, on every replica', async () => {
    const [one, two] = [await world.open(), await world.open()];
    await world.run(one.log.commit(publish('1.0.0')));
    for (const { log } of [one, two]) {
      const repeated = world.run(log.commit(publish('1.0.0', 'd1')));
      await expect(repeated).rejects.toMatchObject({ code: 'EBPM_VERSION_EXISTS' });
    }
  });

  it('commit() puts operations that wait together into one entry', async () => {
    const { log } = await world.open();
    const versions = Array.from({ length: 300 }, (_, i) => `1.0.${i}`);
    const committed = await world.run(Promise.all(versions.map((version) => log.commit(publish(version)))));
    expect(committed.map(({ seq }) => seq)).toEqual(versions.map((_, i) => (i < 256 ? 2 : 3)));
    expect(committed[299]).toMatchObject({ index: 43 });
  });

  it('commit() judges operations of one entry one after another', async () => {
    const { log } = await world.open();
    const answers = await world.run(
      Promise.allSettled(
        [publish('1.0.0', 'a'), publish('1.0.0', 'a'), publish('1.0.0', 'b')].map((op) => log.commit(op)),
      ),
    );
    expect(answers).toMatchObject([
      { status: 'fulfilled', value: { already: false, seq: 2, index: 0 } },
      { status: 'fulfilled', value: { already: true, seq: 2 } },
      { status: 'rejected', reason: { code: 'EBPM_VERSION_EXISTS' } },
    ]);
  });

  it('commit() keeps entries under 1 MiB', async () => {
    const { log } = await world.open();
    const ops = Array.from({ length: 100 }, (_, i) => ({ ...publish(`1.0.${i}`), notes: 'x'.repeat(16_000) }));
    await world.run(Promise.all(ops.map((op) => log.commit(op))));
    const sizes = await Promise.all([2, 3].map((seq) => world.store.head(entryKey('log', seq))));
    for (const size of sizes) expect(size).toBeLessThanOrEqual(1024 * 1024);
    expect(log.head().seq).toBe(3);
  });

  it('commit() gives each operation a salt of its own', async () => {
    const { log } = await world.open();
    await world.run(Promise.all([log.commit(publish('1.0.0')), log.commit(publish('2.0.0'))]));
    const text = Buffer.from((await world.store.get(entryKey('log', 2))) ?? []).toString();
    expect(new Set(text.match(/"salt":"[0-9a-f]{32}"/g)).size).toBe(2);
  });

  it('commit() names the accounts position at the moment of the check, however it got there', async () => {
    let seq = 6;
    const accounts = {
      async catchUp() {
        await world.clock.sleep(1);
        seq = 7;
        void world.clock.sleep(5).then(() => {
          seq = 8;
        });
      },
      head: () => ({ seq, hash: '' }),
    };
    const far = latentStore(world.store, { readMs: 20, createMs: 20 }, world.clock);
    const { log } = await world.open({ store: far, authority: accounts });
    await world.run(log.commit(publish('1.0.0')));
    expect(Buffer.from((await world.store.get(entryKey('log', 2))) ?? []).toString()).toContain('"auth":8');
  });

  it('commit() to the accounts log names the entry before as its accounts position', async () => {
    const { log } = await world.open({ log: 'accounts' });
    await world.run(log.commit({ type: 'user', by: 'registry' }));
    await world.run(log.commit({ type: 'user', by: 'registry' }));
    expect(Buffer.from((await world.store.get(entryKey('accounts', 3))) ?? []).toString()).toContain('"auth":2');
  });

  it('commit() never sets the time back', async () => {
    const { log } = await world.open();
    const store = { ...world.store, clockOffsetMs: () => -3_600_000 };
    const behind = await world.open({ store });
    const first = await world.run(log.commit(publish('1.0.0')));
    const second = await world.run(behind.log.commit(publish('2.0.0')));
    expect(second).toMatchObject({ time: 'time' in first ? first.time : '' });
  });

  it('commit() takes its time from the clock of the store', async () => {
    const store = { ...world.store, clockOffsetMs: () => 3_600_000 };
    const { log } = await world.open({ store });
    const committed = await world.run(log.commit(publish('1.0.0')));
    expect('time' in committed && Date.parse(committed.time)).toBe(Math.floor(world.clock.nowMs()) + 3_600_000);
  });

  it('commit() refuses with a TypeError what its caller should have checked', async () => {
    const { log } = await world.open();
    await expect(log.commit({ ...publish('1.0.0'), notes: 'x'.repeat(16 * 1024) })).rejects.toThrow(TypeError);
    await expect(log.commit({ ...publish('1.0.0'), salt: SALT })).rejects.toThrow(TypeError);
    await expect(log.commit({ type: 'token', by: 'u1' })).rejects.toThrow(TypeError);
    expect(rulesWith('log', 'token')).toBeUndefined();
  });

  it('commit() takes no more than 4,096 waiting operations', async () => {
    const { log } = await world.open();
    const commits = Array.from({ length: 4_097 }, (_, i) => log.commit(publish(`1.0.${i}`)));
    const answers = await world.run(Promise.allSettled(commits));
    expect(answers.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { code: 'EBPM_LOG_BUSY' } },
    ]);
  });

  it('commit() of one operation is not harmed by a fold that fails on another', async () => {
    const fold = new VersionFold();
    const check = fold.check.bind(fold);
    fold.check = (ops) => {
      if (ops.some((op) => op['version'] === 'bad')) throw new TypeError('bug');
      return check(ops);
    };
    const { log } = await world.open({ fold });
    await expect(world.run(log.commit(publish('bad')))).rejects.toMatchObject({ code: 'EBPM_INTERNAL' });
    expect(await world.run(log.commit(publish('1.0.0')))).toMatchObject({ seq: 2 });
  });

  it('commit() says that nobody knows when this machine fails to apply its own entry', async () => {
    const fold = new VersionFold();
    const { log } = await world.open({ fold });
    fold.apply = () => {
      throw new Error('disk full');
    };
    await expect(world.run(log.commit(publish('1.0.0')))).rejects.toMatchObject({ code: 'EBPM_REGISTRY_UNSETTLED' });
    expect(log.health()).toMatchObject({ ok: false, error: { code: 'EBPM_INTERNAL' } });
    expect((await world.audit()).versions.has('1.0.0')).toBe(true);
  });

  it('close() writes what waits, and takes no more', async () => {
    const { log } = await world.open();
    const committed = log.commit(publish('1.0.0'));
    const closed = log.close();
    await expect(world.run(log.commit(publish('2.0.0')))).rejects.toMatchObject({ code: 'EBPM_REGISTRY_CLOSING' });
    expect(await world.run(committed)).toMatchObject({ seq: 2 });
    await world.run(closed);
    await world.run(log.close());
  });

  it('waitFor() waits for an entry that another replica writes', async () => {
    const [one, two] = [await world.open(), await world.open()];
    const waited = two.log.waitFor(2);
    await world.run(one.log.commit(publish('1.0.0')));
    await world.run(waited);
    expect(two.fold.versions.has('1.0.0')).toBe(true);
  });

  it('waitFor() gives up after 5 s', async () => {
    const { log } = await world.open();
    const startMs = world.clock.nowMs();
    await expect(world.run(log.waitFor(2))).rejects.toMatchObject({ code: 'EBPM_REGISTRY_BEHIND' });
    expect(world.clock.nowMs() - startMs).toBeCloseTo(5_000, -3);
  });

  it('waitFor() gives up when nobody waits for it any more', async () => {
    const { log } = await world.open();
    await expect(world.run(log.waitFor(2, { signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: 'EBPM_REGISTRY_BEHIND',
    });
  });

  it('waitFor() finds a fork by the hash that the reader saw', async () => {
    const { log } = await world.open();
    await world.run(log.commit(publish('1.0.0')));
    await world.run(log.waitFor(2, { hashPrefix: log.head().hash.slice(0, 8) }));
    await world.run(log.waitFor(1, { hashPrefix: log.identity.slice(0, 8) }));
    const forked = world.run(log.waitFor(2, { hashPrefix: 'x' }));
    await expect(forked).rejects.toMatchObject({ code: 'EBPM_REGISTRY_FORKED' });
  });

  it('waitFor() reads the hash of an entry that is not in memory from the store', async () => {
    const { log, fold } = await world.open();
    await world.run(log.commit(publish('1.0.0')));
    const again = await world.open({ fold });
    await world.run(again.log.waitFor(1, { hashPrefix: log.identity }));
    const forked = world.run(again.log.waitFor(1, { hashPrefix: 'x' }));
    await expect(forked).rejects.toMatchObject({ code: 'EBPM_REGISTRY_FORKED' });
  });
});

describe('an unsound log', () => {
  let world = new LogWorld();
  afterEach(async () => {
    await world.close();
    world = new LogWorld();
  });

  it('commit() stops at a hole instead of filling it', async () => {
    const { log } = await world.open();
    await world.store.create(entryKey('log', 3), Buffer.from('anything\n'));
    await expect(world.run(log.commit(publish('1.0.0')))).rejects.toMatchObject({ code: 'EBPM_LOG_UNSOUND' });
    expect(await world.store.head(entryKey('log', 2))).toBeUndefined();
  });

  it('openLog() stops at a hole', async () => {
    await world.open();
    await world.store.create(entryKey('log', 9), Buffer.from('anything\n'));
    const { log } = await world.open();
    expect(log.health()).toMatchObject({ ok: false, error: { code: 'EBPM_LOG_UNSOUND', data: { seq: 2 } } });
  });

  it('commit() stops when the store was set back while the log was open', async () => {
    const stores = [world.store, createMemoryStore()];
    const { log } = await world.open({ store: { ...world.store, get: (key) => (stores[0] ?? world.store).get(key) } });
    await world.run(log.commit(publish('1.0.0')));
    stores.shift();
    await world.clock.advance(11_000);
    await expect(world.run(log.commit(publish('2.0.0')))).rejects.toMatchObject({ code: 'EBPM_LOG_UNSOUND' });
    expect(await world.store.head(entryKey('log', 3))).toBeUndefined();
  });

  it.each([
    ['a wrong predecessor', () => entryAfter({ seq: 1, hash: 'f'.repeat(64) }, [publishLine('1.0.0')])],
    ['bytes that are no entry', () => Buffer.from('not an entry\n')],
  ])('follower stops at %s', async (_, bytes) => {
    const { log, fold } = await world.open();
    await world.store.create(entryKey('log', 2), bytes());
    await world.clock.advance(400);
    expect(log.health()).toMatchObject({ ok: false, error: { code: 'EBPM_LOG_UNSOUND' } });
    await expect(world.run(log.commit(publish('1.0.0')))).rejects.toMatchObject({ code: 'EBPM_LOG_UNSOUND' });
    await world.run(log.close());
    expect(fold.applied).toEqual([1]);
  });

  it('follower stops at a changed line', async () => {
    const { log } = await world.open();
    const bytes = entryAfter(log.head(), [publishLine('1.0.0')]);
    await world.store.create(entryKey('log', 2), Buffer.from(bytes.toString().replace('1.0.0', '1.0.1')));
    await world.clock.advance(400);
    expect(log.health()).toMatchObject({ ok: false, error: { code: 'EBPM_LOG_UNSOUND' } });
  });

  it('follower takes an entry whose line was redacted', async () => {
    const { log, fold } = await world.open();
    const bytes = entryAfter(log.head(), [publishLine('1.0.0'), publishLine('2.0.0')]);
    const [header, , second] = bytes.toString().split('\n');
    await world.store.create(entryKey('log', 2), Buffer.from(`${header}\n${second}\n`));
    await world.clock.advance(400);
    expect(log.health()).toEqual({ ok: true });
    expect([...fold.versions.keys()]).toEqual(['2.0.0']);
    expect(await world.run(log.commit(publish('3.0.0')))).toMatchObject({ seq: 3 });
  });

  it('follower stops at rules with a higher number, names the version it needs and serves what it has', async () => {
    const { log, fold } = await world.open();
    await world.run(log.commit(publish('1.0.0')));
    const upgrade = { type: 'upgrade', salt: SALT, by: 'registry', auth: 0, rules: RULES + 1, needs: '9.9.0' };
    await world.store.create(entryKey('log', 3), entryAfter(log.head(), [JSON.stringify(upgrade)]));
    await world.clock.advance(400);
    const health = log.health();
    expect(health).toMatchObject({ ok: false, error: { code: 'EBPM_LOG_TOO_NEW' } });
    expect(!health.ok && health.error.message).toContain('ebpm-registry 9.9.0');
    await expect(world.run(log.commit(publish('2.0.0')))).rejects.toMatchObject({ code: 'EBPM_LOG_TOO_NEW' });
    expect(fold.versions.size).toBe(1);
    expect(log.head().seq).toBe(2);
  });

  it('commit() that loses its number to higher rules is refused, not in doubt', async () => {
    const store = latentStore(world.store, { readMs: 1, createMs: 50 }, world.clock);
    const { log } = await world.open({ store });
    const upgrade = { type: 'upgrade', salt: SALT, by: 'registry', auth: 0, rules: RULES + 1 };
    const commit = log.commit(publish('1.0.0'));
    await world.clock.advance(10);
    await world.store.create(entryKey('log', 2), entryAfter(log.head(), [JSON.stringify(upgrade)]));
    await expect(world.run(commit)).rejects.toMatchObject({ code: 'EBPM_LOG_TOO_NEW' });
  });
});

function publishLine(version: string): string {
  return JSON.stringify({ type: 'publish', salt: SALT, by: 'u1', auth: 0, version, digest: 'd0' });
}

function entryAfter(after: { readonly seq: number; readonly hash: string }, opLines: readonly string[]): Buffer {
  return Buffer.from(writeEntry({ after, nonce: NONCE, writer: 'test', timeMs: 0, opLines }));
}
