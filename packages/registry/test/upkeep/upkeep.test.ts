import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { digestHex } from '@ebpm/formats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/index/open-database.js';
import { openRegistry } from '../../src/open-registry.js';
import { writeSnapshot } from '../../src/snapshots/write-snapshot.js';
import { blobKey, entryKey, type PersonKey, type StoreKey, upstreamKey } from '../../src/stores/keys.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';
import { copyRegistry } from '../../src/upkeep/copy-registry.js';
import { verifyRegistry } from '../../src/upkeep/verify-registry.js';
import { DeliveryNotes } from '../../src/webhooks/delivery-notes.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';
import { overwrite } from './overwritten.js';

let world: RegistryWorld;
let replica: Replica;
let token: string;
beforeEach(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  token = await world.tokenOf('alice', replica);
  for (const version of ['1.0.0', '1.1.0']) await publish(replica, token, samplePackage({ version }));
});
afterEach(() => world.close());

async function snapshot(): Promise<string> {
  const data = mkdtempSync(join(world.directory, 'data-'));
  await (await openRegistry({ ...world, data })).close();
  const database = openDatabase(data);
  try {
    return await writeSnapshot({ store: world.store, database, folder: world.directory });
  } finally {
    database.close();
  }
}

const damage = (key: StoreKey, change: (text: string) => string) =>
  overwrite(world.store, key, change, world.directory);
const sampleBlob = () => blobKey(digestHex(samplePackage().digest));

describe('verifyRegistry()', () => {
  it('vouches for a sound registry, and counts what it read', async () => {
    const key = await snapshot();
    await publish(replica, token, samplePackage({ version: '2.0.0' }));
    expect(await verifyRegistry(world.store)).toEqual({
      entries: { log: 4, accounts: 3 },
      blobs: 3,
      segments: 0,
      snapshot: key,
      problems: [],
    });
  });

  it('vouches for a registry without a snapshot', async () => {
    expect(await verifyRegistry(world.store)).toMatchObject({ snapshot: undefined, problems: [] });
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['an archive is missing', () => world.store.remove(sampleBlob()), /sigsnoop@1\.0\.0: its archive is missing/],
    ['an archive is damaged', () => damage(sampleBlob(), (text) => `${text}x`), /sigsnoop@1\.0\.0: .*digest/],
    [
      'an operation was changed',
      () => damage(entryKey('log', 2), (text) => text.replace('1.0.0', '1.0.9')),
      /entry 2 of "log"/,
    ],
    [
      'an entry was changed',
      () => damage(entryKey('accounts', 2), (text) => text.replace('"v":1', '"v":0')),
      /entry 2 of "accounts"/,
    ],
    [
      'a later entry stands alone',
      () => world.store.create(entryKey('log', 9), Buffer.from('x')),
      /entry 4 of "log": it is missing/,
    ],
  ])('finds that %s', async (_, harm, problem) => {
    await harm();
    const { problems } = await verifyRegistry(world.store);
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });

  it('finds tables that are not what the logs add up to', async () => {
    const data = join(world.directory, 'data');
    await (await openRegistry({ ...world, data })).close();
    const database = openDatabase(data);
    database.prepare("UPDATE versions SET publisher = 'u_mallory' WHERE identity = '1.1.0'").run();
    await writeSnapshot({ store: world.store, database, folder: world.directory });
    database.close();
    const { problems } = await verifyRegistry(world.store);
    expect(problems).toEqual([
      expect.stringMatching(/table "versions", row 2: "publisher" is "u_mallory" instead of "u_/),
    ]);
  });

  it('finds a snapshot that is damaged', async () => {
    await damage((await snapshot()) as StoreKey, (text) => text.slice(0, 2_000));
    expect((await verifyRegistry(world.store)).problems).toEqual([expect.stringMatching(/"snapshots\/.*gzip/)]);
  });
});

describe('copyRegistry()', () => {
  let to: Store;
  beforeEach(() => {
    to = createMemoryStore();
  });

  /** What a registry on the store lists. */
  async function listed(store: Store): Promise<unknown> {
    const registry = await openRegistry({ ...world, store });
    try {
      const blob = await registry.blobs.get(samplePackage().digest);
      const users = (await registry.accounts.listUsers()).map(({ name }) => name);
      return [registry.packages.versions('sigsnoop').map(({ version }) => version), users, blob !== undefined];
    } finally {
      await registry.close();
    }
  }

  it('copies all of it, then what came since', async () => {
    expect(await copyRegistry(world.store, to)).toMatchObject({ entries: { log: 3, accounts: 3 }, blobs: 2 });
    expect(await copyRegistry(world.store, to)).toEqual({ entries: { log: 0, accounts: 0 }, people: 0, blobs: 0 });
    await publish(replica, token, samplePackage({ version: '2.0.0' }));
    expect(await copyRegistry(world.store, to)).toMatchObject({ entries: { log: 1, accounts: 0 }, blobs: 1 });
    expect(await listed(to)).toEqual([['1.0.0', '1.1.0', '2.0.0'], ['alice'], true]);
    expect((await verifyRegistry(to)).problems).toEqual([]);
  });

  it('goes on where it was interrupted', async () => {
    let left = 5;
    const dying: Store = {
      ...to,
      create: (...args) => (left-- > 0 ? to.create(...args) : Promise.reject(new Error('killed'))),
    };
    await expect(copyRegistry(world.store, dying)).rejects.toThrow('killed');
    await copyRegistry(world.store, to);
    expect((await verifyRegistry(to)).problems).toEqual([]);
  });

  it('erases in the copy what was erased', async () => {
    await copyRegistry(world.store, to);
    for (const key of await world.store.list('people/')) await world.store.remove(key as PersonKey);
    await copyRegistry(world.store, to);
    expect(await to.list('people/')).toEqual([]);
  });

  it('copies downloads, uses of tokens, webhooks and how far they are, and what upstreams said', async () => {
    const { registry, app } = replica;
    await app.inject({ url: `/api/v1/blobs/sha256/${digestHex(samplePackage().digest)}` });
    await registry.downloads.flush();
    await app.inject({ url: '/api/v1/whoami', headers: { authorization: `Bearer ${token}` } });
    await registry.tokenUses.flush();
    const owner = await registry.accounts.userOf('alice');
    const wish = { owner, target: '*', url: 'https://example.org/', after: '0' };
    const [kept, removed] = [await registry.webhooks.add(wish), await registry.webhooks.add(wish)];
    const notes = new DeliveryNotes(world.store, world.clock, 'self');
    await notes.take();
    await world.store.create(upstreamKey('0'.repeat(64), 1), Buffer.from('{}'));
    await copyRegistry(world.store, to);
    expect(await to.list('webhooks/')).toHaveLength(2);

    await registry.webhooks.remove(removed.id);
    await notes.note({ [kept.id]: { after: '2-0', failures: 0 } });
    await copyRegistry(world.store, to);
    const restored = await openRegistry({ ...world, store: to });
    try {
      await restored.downloads.refresh();
      await restored.tokenUses.refresh();
      expect(restored.downloads.recent('sigsnoop')).toBe(1);
      const [used] = restored.accountIndex.tokensOf(owner);
      expect(restored.tokenUses.lastOf(used?.id ?? '')).toEqual(expect.any(String));
      expect((await restored.webhooks.list()).map(({ id }) => id)).toEqual([kept.id]);
      expect(await restored.deliveries.states()).toEqual({ [kept.id]: { after: '2-0', failures: 0 } });
      expect(await to.list('deliveries/')).toHaveLength(1);
      expect(await to.list(`upstream/${'0'.repeat(64)}/`)).toHaveLength(1);
    } finally {
      await restored.close();
    }
  });

  it.each<[string, () => Promise<Store>]>([
    ['another registry', async () => (await another()).store],
    ['a later state', async () => world.store],
  ])('refuses a store that holds %s', async (_, target) => {
    const from = createMemoryStore();
    await copyRegistry(world.store, from);
    await publish(replica, token, samplePackage({ version: '3.0.0' }));
    await expect(copyRegistry(from, await target())).rejects.toMatchObject({ code: 'EBPM_COPY_MISMATCH' });
  });

  it('refuses to copy a registry that is not sound', async () => {
    await damage(entryKey('log', 2), (text) => text.replace('1.0.0', '1.0.9'));
    await expect(copyRegistry(world.store, to)).rejects.toMatchObject({ code: 'EBPM_LOG_UNSOUND' });
  });

  async function another(): Promise<RegistryWorld> {
    const other = new RegistryWorld();
    await other.replica();
    await other.close();
    return other;
  }
});
