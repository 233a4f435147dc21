import { afterEach, describe, expect, it } from 'vitest';
import { START } from '../../src/log/entry.js';
import { entryKey } from '../../src/stores/keys.js';
import { StoreError } from '../../src/stores/store-error.js';
import { type CreateFault, faultyStore } from '../stores/faulty-store.js';
import { latentStore } from '../stores/latent-store.js';
import { LogWorld } from './log-world.js';
import { publish, VersionFold } from './version-fold.js';

/** Its tables have no room while it is full. */
class FullFold extends VersionFold {
  isFull = false;

  override apply(entries: Parameters<VersionFold['apply']>[0]): void {
    if (this.isFull) throw new StoreError('ambiguous', 'Cannot write the index: database or disk is full');
    super.apply(entries);
  }
}

describe('commit() after an answer that is not plain', () => {
  let world = new LogWorld();
  afterEach(async () => {
    await world.close();
    world = new LogWorld();
  });

  /** A replica whose creates of entry 2 meet these faults, one after another. */
  function replicaWith(faults: readonly (CreateFault | undefined)[], readFault = () => false) {
    const left = [...faults];
    const createFault = (key: string) => (key === entryKey('log', 2) ? left.shift() : undefined);
    return world.open({ store: faultyStore(world.store, { clock: world.clock, createFault, readFault }) });
  }

  async function expectOneVersion(): Promise<void> {
    const seen = await world.audit();
    expect([...seen.versions.keys()]).toEqual(['1.0.0']);
    expect(seen.voided).toEqual([]);
  }

  it.each<[string, readonly CreateFault[]]>([
    ['the answer was lost', [{ kind: 'lost answer' }]],
    ['the request was lost', [{ kind: 'lost request' }]],
    ['412 on its own write', [{ kind: 'own 412' }]],
    ['many requests were lost', Array.from({ length: 12 }, () => ({ kind: 'lost request' }))],
    ['it was held for 1 s', [{ kind: 'held', ms: 1_000 }]],
    ['the first was held for 6 s, the second was lost', [{ kind: 'held', ms: 6_000 }, { kind: 'lost request' }]],
    ['a refusal came only after a doubt', [{ kind: 'lost request' }, { kind: 'refused' }]],
  ])('commit() writes once when %s', async (_, faults) => {
    const { log } = await replicaWith(faults);
    expect(await world.run(log.commit(publish('1.0.0')))).toMatchObject({ already: false, seq: 2 });
    await expectOneVersion();
  });

  it('commit() writes once when the request was held for 30 s, and the late one changes nothing', async () => {
    const { log } = await replicaWith([{ kind: 'held', ms: 30_000 }]);
    expect(await world.run(log.commit(publish('1.0.0')))).toMatchObject({ already: false, seq: 2 });
    await world.clock.advance(40_000);
    expect(log.head().seq).toBe(2);
    await expectOneVersion();
  });

  it('commit() whose number goes to another while its request is held takes the next one', async () => {
    const held = await replicaWith([{ kind: 'held', ms: 30_000 }]);
    const other = await world.open();
    const commit = held.log.commit(publish('1.0.0'));
    await world.run(other.log.commit(publish('2.0.0')));
    expect(await world.run(commit)).toMatchObject({ already: false, seq: 3 });
    await world.clock.advance(40_000);
    const seen = await world.audit();
    expect([...seen.versions.keys()].sort()).toEqual(['1.0.0', '2.0.0']);
    expect(seen.voided).toEqual([]);
  });

  it('commit() that lost its number to the same publish answers with that one', async () => {
    const held = await replicaWith([{ kind: 'held', ms: 3_000 }]);
    const other = await world.open();
    const commit = held.log.commit(publish('1.0.0'));
    await world.run(other.log.commit(publish('1.0.0')));
    expect(await world.run(commit)).toEqual({ already: true, seq: 2 });
    await expectOneVersion();
  });

  it('commit() that lost its number to other contents is refused', async () => {
    const held = await replicaWith([{ kind: 'held', ms: 3_000 }]);
    const other = await world.open();
    const commit = held.log.commit(publish('1.0.0'));
    await world.run(other.log.commit(publish('1.0.0', 'd1')));
    await expect(world.run(commit)).rejects.toMatchObject({ code: 'EBPM_VERSION_EXISTS' });
    await expectOneVersion();
  });

  it('commit() tells a plain refusal at once and leaves the number free', async () => {
    const { log } = await replicaWith([{ kind: 'refused' }]);
    await expect(world.run(log.commit(publish('1.0.0')))).rejects.toMatchObject({ code: 'EBPM_STORE_REFUSED' });
    expect(await world.store.head(entryKey('log', 2))).toBeUndefined();
    expect(await world.run(log.commit(publish('2.0.0')))).toMatchObject({ seq: 2 });
  });

  it('commit() settles once there is room again for what the log adds up to', async () => {
    const fold = new FullFold();
    const { log } = await world.open({ fold });
    const commit = log.commit(publish('1.0.0'));
    fold.isFull = true;
    const commits = Promise.all([commit, log.commit(publish('2.0.0'))]);
    await world.clock.advance(3_000);
    expect(await world.store.head(entryKey('log', 2))).toBeGreaterThan(0);
    fold.isFull = false;
    await world.run(commits);
    expect([...fold.versions.keys()].sort()).toEqual(['1.0.0', '2.0.0']);
    expect(log.health()).toEqual({ ok: true });
    expect((await world.audit()).versions).toEqual(fold.versions);
  });

  it('health() says when there has been no room for 10 s, and recovers', async () => {
    const fold = new FullFold();
    const { log } = await world.open({ fold });
    fold.isFull = true;
    const commit = log.commit(publish('1.0.0'));
    await expect(world.run(commit)).rejects.toMatchObject({ code: 'EBPM_REGISTRY_UNSETTLED' });
    await world.clock.advance(1_000);
    expect(log.health()).toMatchObject({ ok: false });
    fold.isFull = false;
    await world.clock.advance(1_000);
    expect(log.health()).toEqual({ ok: true });
    expect(await world.run(log.commit(publish('1.0.0')))).toEqual({ already: true, seq: 2 });
  });

  it('commit() says after 10 s that nobody knows, and the writer goes on', async () => {
    let isDown = false;
    const createFault = () => (isDown ? ({ kind: 'lost request' } as const) : undefined);
    const { log } = await world.open({ store: faultyStore(world.store, { clock: world.clock, createFault }) });
    isDown = true;
    const startMs = world.clock.nowMs();
    const commit = log.commit(publish('1.0.0'));
    await expect(world.run(commit)).rejects.toMatchObject({ code: 'EBPM_REGISTRY_UNSETTLED' });
    expect(world.clock.nowMs() - startMs).toBe(10_000);
    await world.clock.advance(1_000);
    expect(log.health()).toMatchObject({ ok: false, error: { code: 'EBPM_REGISTRY_UNSETTLED' } });
    isDown = false;
    await world.clock.advance(1_000);
    expect(log.health()).toEqual({ ok: true });
    expect(await world.run(log.commit(publish('1.0.0')))).toEqual({ already: true, seq: 2 });
    await expectOneVersion();
  });

  it('commit() takes what still waits in the queue after 10 s out of it: it is never written', async () => {
    let isDown = false;
    const createFault = () => (isDown ? ({ kind: 'lost request' } as const) : undefined);
    const { log } = await world.open({ store: faultyStore(world.store, { clock: world.clock, createFault }) });
    isDown = true;
    const first = log.commit(publish('1.0.0'));
    await world.clock.advance(100);
    const second = log.commit(publish('2.0.0'));
    await expect(world.run(first)).rejects.toMatchObject({ code: 'EBPM_REGISTRY_UNSETTLED' });
    await expect(world.run(second)).rejects.toMatchObject({ code: 'EBPM_REGISTRY_UNSETTLED' });
    isDown = false;
    await world.clock.advance(5_000);
    await expectOneVersion();
  });

  it('commit() waits through a time in which the store cannot even be read', async () => {
    let readsFail = false;
    const { log } = await replicaWith([{ kind: 'lost answer' }], () => readsFail);
    readsFail = true;
    const commit = log.commit(publish('1.0.0'));
    await world.clock.advance(3_000);
    readsFail = false;
    expect(await world.run(commit)).toMatchObject({ seq: 2 });
    await expectOneVersion();
  });

  it('commit() waits when the accounts cannot be read, and is refused when the store refuses that', async () => {
    const answers = [new StoreError('ambiguous', 'timeout'), undefined, new StoreError('refused', '403')];
    const catchUp = async () => {
      const error = answers.shift();
      if (error !== undefined) throw error;
    };
    const { log } = await world.open({ authority: { catchUp, head: () => START } });
    expect(await world.run(log.commit(publish('1.0.0')))).toMatchObject({ seq: 2 });
    await expect(world.run(log.commit(publish('2.0.0')))).rejects.toMatchObject({ code: 'EBPM_STORE_REFUSED' });
    await expectOneVersion();
  });

  it.each<[string, CreateFault | undefined]>([
    ['a plain success', undefined],
    ['a 412 on its own write', { kind: 'own 412' }],
  ])('commit() asks for the accounts again after %s', async (_, fault) => {
    let asked = 0;
    const faults = [fault];
    const createFault = (key: string) => (key === entryKey('log', 2) ? faults.shift() : undefined);
    const store = faultyStore(world.store, { clock: world.clock, createFault });
    const catchUp = async () => void asked++;
    const { log } = await world.open({ store, authority: { catchUp, head: () => ({ seq: asked, hash: '' }) } });
    await world.run(log.commit(publish('1.0.0')));
    const before = asked;
    await world.clock.advance(60_000);
    expect(asked).toBe(before);
    await world.run(log.commit(publish('2.0.0')));
    expect(asked).toBe(before + 1);
    const text = Buffer.from((await world.store.get(entryKey('log', 3))) ?? []).toString();
    expect(text).toContain(`"auth":${asked}`);
  });

  it('commit() pauses after a 412 on its own write as after any win', async () => {
    const faults: (CreateFault | undefined)[] = [{ kind: 'own 412' }];
    const createFault = (key: string) => (key === entryKey('log', 2) ? faults.shift() : undefined);
    const near = latentStore(world.store, { readMs: 2, createMs: 4 }, world.clock);
    const { log } = await world.open({ store: faultyStore(near, { clock: world.clock, createFault }) });
    await world.clock.advance(100);
    const first = log.commit(publish('1.0.0'));
    await world.clock.advance(4);
    const second = log.commit(publish('2.0.0'));
    const wonMs = await world.run(first).then(() => world.clock.nowMs());
    expect(await world.run(second)).toMatchObject({ seq: 3 });
    expect(world.clock.nowMs() - wonMs).toBeGreaterThan(18);
  });

  it('health() tells when the store cannot be read for more than 10 s', async () => {
    let readsFail = false;
    const { log } = await replicaWith([], () => readsFail);
    readsFail = true;
    await world.clock.advance(9_000);
    expect(log.health()).toEqual({ ok: true });
    await world.clock.advance(2_000);
    expect(log.health()).toMatchObject({ ok: false, error: { code: 'EBPM_STORE_UNAVAILABLE' } });
    readsFail = false;
    await world.clock.advance(500);
    expect(log.health()).toEqual({ ok: true });
  });

  it('close() ends although the store never answers', async () => {
    const { log } = await replicaWith(Array.from({ length: 1_000 }, () => ({ kind: 'lost request' })));
    const commit = log.commit(publish('1.0.0'));
    const closed = log.close();
    await expect(world.run(commit)).rejects.toMatchObject({ code: 'EBPM_REGISTRY_UNSETTLED' });
    await world.run(closed);
  });
});
