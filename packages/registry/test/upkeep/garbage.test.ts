import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestHex } from '@ebpm/formats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { NewOp } from '../../src/log/op.js';
import { openRegistry } from '../../src/open-registry.js';
import { changeOwner } from '../../src/publish/change-owner.js';
import { blobKey, entryKey, segmentKey, snapshotKey } from '../../src/stores/keys.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { collectGarbage } from '../../src/upkeep/collect-garbage.js';
import { redactLog } from '../../src/upkeep/redact-log.js';
import { verifyRegistry } from '../../src/upkeep/verify-registry.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { type SamplePackage, samplePackage } from '../sample-package.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

let world: RegistryWorld;
let replica: Replica;
let token: string;
beforeEach(async () => {
  let clock = systemClock;
  world = new RegistryWorld(createMemoryStore({ ...systemClock, nowMs: () => clock.nowMs() }));
  clock = world.clock;
  replica = await world.replica();
  token = await world.tokenOf('alice', replica);
});
afterEach(() => world.close());

const keyOf = ({ digest }: SamplePackage) => blobKey(digestHex(digest));
const isThere = async (sample: SamplePackage) => (await world.store.head(keyOf(sample))) !== undefined;

describe('collectGarbage()', () => {
  const used = samplePackage({ version: '1.0.0' });
  const orphan = samplePackage({ version: '6.6.6' });
  beforeEach(async () => {
    await publish(replica, token, used);
    await replica.registry.blobs.put(orphan.digest, orphan.archive);
  });
  const collect = (isDry = false) => collectGarbage(replica.registry, isDry);

  it('leaves what is younger than 7 days', async () => {
    world.putForward(7 * DAY_MS - 60_000);
    expect(await collect()).toEqual({ unused: [], swept: [], waiting: [], snapshots: 0 });
    expect(await isThere(orphan)).toBe(true);
  });

  it('only says what it would do when it is dry', async () => {
    world.putForward(7 * DAY_MS);
    const { seq } = replica.registry.log.head();
    expect((await collect(true)).unused).toEqual([{ digest: orphan.digest, sizeBytes: orphan.archive.length }]);
    expect(await isThere(orphan)).toBe(true);
    expect(replica.registry.log.head().seq).toBe(seq);
  });

  it('condemns, removes, and an hour later lets the digest come again', async () => {
    world.putForward(7 * DAY_MS);
    expect((await collect()).unused).toHaveLength(1);
    expect([await isThere(orphan), await isThere(used)]).toEqual([false, true]);
    const refused = await publish(replica, token, orphan);
    expect(refused.json().code).toBe('EBPM_BLOB_CONDEMNED');
    expect(await collect()).toMatchObject({ unused: [], swept: [], waiting: [orphan.digest] });
    // A write that was sent before comes late.
    await replica.registry.blobs.put(orphan.digest, orphan.archive);
    world.putForward(HOUR_MS);
    expect(await collect()).toMatchObject({ unused: [], swept: [orphan.digest], waiting: [] });
    expect(await isThere(orphan)).toBe(false);
    expect((await publish(replica, token, orphan)).statusCode).toBe(201);
    expect((await verifyRegistry(world.store)).problems).toEqual([]);
  });

  it('removes notes of attempts to log in once they are a day old', async () => {
    const { logins } = replica.registry;
    const guess = () => logins.login({ name: 'alice', password: 'wrong', address: '192.0.2.1' }).catch(() => undefined);
    await guess();
    world.putForward(DAY_MS - 60_000);
    await collect();
    expect(await world.store.list('attempts/')).toHaveLength(2);
    world.putForward(60_000);
    await collect();
    expect(await world.store.list('attempts/')).toEqual([]);
  });

  it('does not remove what a publish comes to need while it looks', async () => {
    world.putForward(7 * DAY_MS);
    const { store } = replica.registry;
    const racing = {
      ...replica.registry,
      store: {
        ...store,
        async writtenAtMs(key: Parameters<typeof store.writtenAtMs>[0]) {
          const writtenAtMs = await store.writtenAtMs(key);
          if (key === keyOf(orphan)) expect((await publish(replica, token, orphan)).statusCode).toBe(201);
          return writtenAtMs;
        },
      },
    };
    expect((await collectGarbage(racing, false)).unused).toEqual([]);
    expect(await isThere(orphan)).toBe(true);
  });
});

describe('redactLog()', () => {
  const secret = samplePackage({ name: 'leak', version: '1.0.0', content: 'TOP SECRET' });

  async function commit(op: Omit<NewOp, 'by'>): Promise<void> {
    await replica.registry.log.commit({ ...op, by: 'operator' } as NewOp);
  }
  async function takeDown(sample: SamplePackage, whole = false): Promise<void> {
    const state = replica.registry.packages.package(sample.name);
    const version = whole ? {} : { version: sample.version, digest: sample.digest };
    const { owners = [], visibility = 'public' } = state ?? {};
    await commit({ type: 'takedown', name: sample.name, reason: 'a secret', ...version, owners, visibility });
  }
  async function listed(): Promise<unknown> {
    const registry = await openRegistry(world);
    try {
      return [registry.packages.package('leak'), registry.packages.versions('leak')];
    } finally {
      await registry.close();
    }
  }
  const logText = async (seq: number) => Buffer.from((await world.store.get(entryKey('log', seq))) ?? []).toString();

  it('erases a version, and the registry adds up to the same', async () => {
    await publish(replica, token, samplePackage({ name: 'leak', version: '0.9.0' }));
    await publish(replica, token, secret);
    await takeDown(secret);
    const before = await listed();
    expect(await logText(3)).toContain(secret.digest);
    expect(await redactLog(world.store)).toEqual({ operations: 1, entries: 1, blobs: 1, spared: [] });
    expect((await logText(3)).trimEnd().split('\n')).toHaveLength(1);
    expect(await isThere(secret)).toBe(false);
    expect(await listed()).toEqual(before);
    expect((await verifyRegistry(world.store)).problems).toEqual([]);
    expect((await publish(replica, token, secret)).statusCode).toBeGreaterThanOrEqual(400);
    expect(await redactLog(world.store)).toMatchObject({ operations: 0 });
  });

  it('erases a package with everything that was said of it', async () => {
    await publish(replica, token, secret);
    await commit({ type: 'deprecate', name: 'leak', message: 'the word' });
    await takeDown(secret, true);
    const before = await listed();
    expect(await redactLog(world.store)).toMatchObject({ operations: 2, spared: [] });
    for (const seq of [2, 3]) expect(await logText(seq)).not.toMatch(/leak|the word/);
    expect(await listed()).toEqual(before);
  });

  it('spares the operations without which the log would add up to something else', async () => {
    await publish(replica, token, samplePackage({ name: 'leak', version: '0.9.0' }));
    await commit({ type: 'tag', name: 'leak', tag: 'stable', version: '0.9.0' });
    await publish(replica, token, secret);
    await commit({ type: 'tag', name: 'leak', tag: 'stable', version: '1.0.0' });
    await takeDown(secret);
    const before = await listed();
    const { spared, blobs } = await redactLog(world.store);
    expect([spared, blobs]).toEqual([['leak'], 1]);
    expect(await listed()).toEqual(before);
    expect((await verifyRegistry(world.store)).problems).toEqual([]);
  });

  it('spares a first version that others came to own the package after, until the whole package is taken down', async () => {
    await publish(replica, token, secret);
    const bobs = await world.tokenOf('bob', replica);
    await changeOwner(replica.registry, { name: 'leak', action: 'add', owner: 'bob' });
    await publish(replica, bobs, samplePackage({ name: 'leak', version: '1.1.0', content: 'sound' }));
    await takeDown(secret);
    const before = await listed();
    expect(await redactLog(world.store)).toMatchObject({ operations: 0, blobs: 1, spared: ['leak'] });
    expect(await listed()).toEqual(before);
    await takeDown(secret, true);
    const after = await listed();
    expect(await redactLog(world.store)).toMatchObject({ operations: 3, spared: [] });
    for (const seq of [2, 3, 4]) expect(await logText(seq)).not.toMatch(/leak/);
    expect(await listed()).toEqual(after);
    expect((await verifyRegistry(world.store)).problems).toEqual([]);
  });

  it('erases a version of a later owner, and of one who owns the package no more', async () => {
    await publish(replica, token, samplePackage({ name: 'leak', version: '0.9.0' }));
    const bobs = await world.tokenOf('bob', replica);
    await changeOwner(replica.registry, { name: 'leak', action: 'add', owner: 'bob' });
    await publish(replica, bobs, secret);
    await changeOwner(replica.registry, { name: 'leak', action: 'remove', owner: 'bob' });
    await takeDown(secret);
    const before = await listed();
    expect(await redactLog(world.store)).toMatchObject({ operations: 1, blobs: 1, spared: [] });
    expect(await logText(4)).not.toMatch(/leak/);
    expect(await listed()).toEqual(before);
  });

  it('leaves no snapshot, and no segment that holds what was erased', async () => {
    await publish(replica, token, secret);
    await takeDown(secret);
    const path = join(world.directory, 'object');
    writeFileSync(path, 'x');
    for (const first of [1, 1_001]) await world.store.putFile(segmentKey(first), path);
    await world.store.putFile(snapshotKey({ schema: 1, seq: 1, sha256: 'ab'.repeat(32) }), path);
    await redactLog(world.store);
    expect(await world.store.list('snapshots/')).toEqual([]);
    expect(await world.store.list('segments/')).toEqual([segmentKey(1_001)]);
  });
});
