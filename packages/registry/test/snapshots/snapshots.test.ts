import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/index/open-database.js';
import { SCHEMA } from '../../src/index/schema.js';
import { openRegistry } from '../../src/open-registry.js';
import { packMember } from '../../src/snapshots/gzip-members.js';
import { sweepSnapshots } from '../../src/snapshots/sweep-snapshots.js';
import { writeSnapshot } from '../../src/snapshots/write-snapshot.js';
import { Sqlite } from '../../src/sqlite.js';
import { type SnapshotKey, type SnapshotName, snapshotKey, snapshotName } from '../../src/stores/keys.js';
import type { Store } from '../../src/stores/store.js';
import { publish, RegistryWorld } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
beforeEach(() => {
  world = new RegistryWorld();
});
afterEach(() => world.close());

/** Writes a snapshot of everything that the store has now. */
async function snapshot(): Promise<SnapshotKey> {
  const data = mkdtempSync(join(world.directory, 'data-'));
  await (await openRegistry({ ...world, data })).close();
  const database = openDatabase(data);
  const key = await writeSnapshot({ store: world.store, database, folder: world.directory });
  database.close();
  return key;
}

/** A registry with a version behind each of so many snapshots, oldest first. */
async function snapshots(count: number): Promise<readonly SnapshotKey[]> {
  const replica = await world.replica();
  const token = await world.tokenOf('alice', replica);
  const keys: SnapshotKey[] = [];
  for (let i = 0; i < count; i++) {
    await publish(replica, token, samplePackage({ version: `1.${i}.0` }));
    keys.push(await snapshot());
  }
  await publish(replica, token, samplePackage({ version: '2.0.0' }));
  return keys;
}

/** Opens a replica that begins with nothing, and says which entries it read and what was wrong. */
async function start(data?: string) {
  const gets: string[] = [];
  const warnings: string[] = [];
  const store: Store = {
    ...world.store,
    get(key, ...rest) {
      gets.push(key);
      return world.store.get(key, ...rest);
    },
  };
  const registry = await openRegistry({ ...world, store, data, onWarning: (message) => warnings.push(message) });
  const versions = registry.packages.versions('sigsnoop').map(({ version }) => version);
  const users = (await registry.accounts.listUsers()).map(({ name }) => name);
  await registry.close();
  return { versions, users, warnings, entries: gets.filter((key) => /^log\//.test(key)) };
}

/** Puts an object in the place of a snapshot, or under the name that its bytes ask for. */
async function put(bytes: Uint8Array, name: Omit<SnapshotName, 'sha256'> & { sha256?: string }): Promise<SnapshotKey> {
  const path = join(world.directory, 'object');
  writeFileSync(path, bytes);
  const key = snapshotKey({ sha256: createHash('sha256').update(bytes).digest('hex'), ...name });
  await world.store.putFile(key, path);
  return key;
}

/** Makes nonsense of the first page of a table. */
function damage(path: string, table: string): void {
  const database = new Sqlite(path, { readonly: true });
  const page = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table);
  const pageSizeBytes = Number(database.pragma('page_size', { simple: true }));
  database.close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, (Number(page) - 1) * pageSizeBytes, (Number(page) - 1) * pageSizeBytes + 100);
  writeFileSync(path, bytes);
}

describe('snapshots', () => {
  it('openRegistry() starts from the newest, and reads only what came after it', async () => {
    await snapshots(2);
    const { versions, users, warnings, entries } = await start();
    expect(versions).toEqual(['1.0.0', '1.1.0', '2.0.0']);
    expect(users).toEqual(['alice']);
    expect(warnings).toEqual([]);
    expect(entries).not.toContain('log/000000000002');
  });

  it('openRegistry() fills a new data directory from a snapshot, and leaves nothing beside it', async () => {
    await snapshots(1);
    const data = join(world.directory, 'new');
    for (let i = 0; i < 2; i++) expect((await start(data)).versions).toEqual(['1.0.0', '2.0.0']);
    expect(readdirSync(data)).toEqual(['registry.db']);
  });

  it.each<[string, RegExp, (bytes: Uint8Array) => Uint8Array]>([
    ['is damaged', /gzip|digest/, (bytes) => bytes.map((byte, i) => (i === 500 ? byte ^ 1 : byte))],
    ['is cut', /gzip/, (bytes) => bytes.subarray(0, 1_000)],
    ['is empty', /gzip/, () => new Uint8Array()],
  ])('openRegistry() starts from the one before when the newest %s', async (_, reason, change) => {
    const [, , newest] = await snapshots(3);
    if (newest === undefined) throw new TypeError('there are three');
    await put(change((await world.store.get(newest)) ?? new Uint8Array()), snapshotName(newest));
    const { versions, warnings, entries } = await start();
    expect(versions).toEqual(['1.0.0', '1.1.0', '1.2.0', '2.0.0']);
    expect(warnings).toEqual([expect.stringMatching(reason)]);
    expect(warnings[0]).toContain(newest);
    expect(entries).not.toContain('log/000000000002');
  });

  it('openRegistry() reads the log when nothing of the snapshots is sound', async () => {
    await snapshots(1);
    await put(await packMember(Buffer.from('no database')), { schema: SCHEMA, seq: 8 });
    await put(gzipSync(Buffer.alloc(4_096)), { schema: SCHEMA, seq: 9 });
    await put(Buffer.concat([await packMember(Buffer.from('x')), await packMember(Buffer.from('y'))]), {
      schema: SCHEMA,
      seq: 10,
    });
    for (const key of await world.store.list('snapshots/')) {
      if (snapshotName(key as SnapshotKey).seq < 8) await world.store.remove(key as SnapshotKey);
    }
    const { versions, warnings } = await start();
    expect(versions).toEqual(['1.0.0', '2.0.0']);
    expect(warnings).toEqual([
      expect.stringContaining('gzip members are not of 1 MiB each'),
      expect.stringContaining('it is not gzip of the kind that snapshots are'),
      expect.stringContaining('it is no database of a registry'),
    ]);
  });

  it('writeSnapshot() refuses tables that are damaged, and stores nothing', async () => {
    const data = mkdtempSync(join(world.directory, 'data-'));
    await (await openRegistry({ ...world, data })).close();
    damage(join(data, 'registry.db'), 'versions');
    const database = openDatabase(data);
    await expect(writeSnapshot({ store: world.store, database, folder: world.directory })).rejects.toThrow(/damaged/);
    database.close();
    expect(await world.store.list('snapshots/')).toEqual([]);
  });

  it('openRegistry() does not take the snapshot of another registry', async () => {
    const other = new RegistryWorld();
    const replica = await other.replica();
    await publish(replica, await other.tokenOf('mallory', replica), samplePackage({ version: '6.6.6' }));
    await snapshots(1);
    const [own] = await world.store.list('snapshots/');
    const mine = world;
    world = other;
    const foreign = await snapshot();
    const bytes = (await other.store.get(foreign)) ?? new Uint8Array();
    world = mine;
    if (own !== undefined) await world.store.remove(own as SnapshotKey);
    await put(bytes, snapshotName(foreign));
    await other.close();
    const { versions, users, warnings } = await start();
    expect([versions, users]).toEqual([['1.0.0', '2.0.0'], ['alice']]);
    expect(warnings).toEqual([expect.stringContaining('made from another "log"')]);
  });

  it('openRegistry() does not take a snapshot of entries that the store has no longer', async () => {
    const [key] = await snapshots(1);
    const bytes = (key && (await world.store.get(key))) ?? new Uint8Array();
    const before = new RegistryWorld();
    // The same genesis, and other entries behind it: a backup was restored, and went on by itself.
    for (const log of ['log', 'accounts'] as const) {
      const first = `${log}/000000000001` as const;
      await before.store.create(first, (await world.store.get(first)) ?? new Uint8Array());
    }
    const mine = world;
    world = before;
    await put(bytes, snapshotName(key as SnapshotKey));
    const { versions, warnings } = await start();
    world = mine;
    await before.close();
    expect([versions, warnings]).toEqual([[], [expect.stringMatching(/entry \d+ of "log" is another one/)]]);
  });

  it('openRegistry() leaves snapshots of other schemas alone', async () => {
    await snapshots(0);
    await put(gzipSync('x'), { schema: SCHEMA + 1, seq: 5 });
    expect(await start()).toMatchObject({ versions: ['2.0.0'], warnings: [] });
  });

  it('sweepSnapshots() keeps three of each of the two latest schemas', async () => {
    for (const schema of [8, 9, 10]) {
      for (let seq = 1; seq <= 5; seq++) await put(Buffer.from(`${schema} ${seq}`), { schema, seq });
    }
    expect(await sweepSnapshots(world.store)).toHaveLength(9);
    const left = (await world.store.list('snapshots/')).map((key) => snapshotName(key as SnapshotKey));
    expect(left.map(({ schema, seq }) => `${schema}/${seq}`).sort()).toEqual(
      ['10/3', '10/4', '10/5', '9/3', '9/4', '9/5'].sort(),
    );
  });
});
