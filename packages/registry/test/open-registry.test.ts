import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildApp } from '../src/app.js';
import { openRegistry } from '../src/open-registry.js';
import { entryKey } from '../src/stores/keys.js';
import { publish, RegistryWorld, type Replica } from './registry-world.js';
import { samplePackage } from './sample-package.js';

let world: RegistryWorld;
beforeEach(() => {
  world = new RegistryWorld();
});
afterEach(() => world.close());

/** A replica that is open for one question only. */
async function ask<T>(data: string | undefined, question: (replica: Replica) => Promise<T>): Promise<T> {
  const { store, keyFile, clock } = world;
  const registry = await openRegistry({ store, keyFile, clock, data });
  try {
    return await question({ registry, app: buildApp({ registry }) });
  } finally {
    await registry.close();
  }
}

const versionsOf = async ({ app }: Replica, name: string): Promise<string[]> =>
  ((await app.inject(`/api/v1/packages/${name}`)).json().versions ?? []).map(
    ({ version }: { version: string }) => version,
  );

describe('openRegistry()', () => {
  it('lets replicas on one store see each other', async () => {
    const [one, two] = [await world.replica(), await world.replica()];
    const [alice, bob] = [await world.tokenOf('alice', one), await world.tokenOf('bob', two)];
    await publish(one, alice, samplePackage({ name: 'from-one' }));
    await publish(two, bob, samplePackage({ name: 'from-two' }));
    expect(await versionsOf(two, 'from-one')).toEqual(['1.0.0']);
    expect(await versionsOf(one, 'from-two')).toEqual(['1.0.0']);
    expect((await publish(two, bob, samplePackage({ name: 'from-one' }))).json().code).toBe('EBPM_NOT_OWNER');
    expect(one.registry.log.registry).toBe(two.registry.log.registry);
  });

  it('finds everything again after a restart, with and without a kept index', async () => {
    const data = join(world.directory, 'data');
    const token = await ask(data, async (replica) => {
      const made = await world.tokenOf('alice', replica);
      await publish(replica, made, samplePackage());
      return made;
    });
    await ask(undefined, (replica) => publish(replica, token, samplePackage({ version: '1.1.0' })));
    for (const directory of [data, data, undefined]) {
      expect(await ask(directory, (replica) => versionsOf(replica, 'sigsnoop'))).toEqual(['1.0.0', '1.1.0']);
    }
  });

  it('refuses a data directory that another process has', async () => {
    const data = join(world.directory, 'data');
    await world.replica(data);
    await expect(world.replica(data)).rejects.toEqual(expect.objectContaining({ code: 'EBPM_REGISTRY_DATA_BUSY' }));
  });

  it('does not take the index of another registry for its own', async () => {
    const data = join(world.directory, 'data');
    await ask(data, async (replica) => publish(replica, await world.tokenOf('alice', replica), samplePackage()));
    const other = new RegistryWorld();
    const replica = await other.replica(data);
    expect(await versionsOf(replica, 'sigsnoop')).toEqual([]);
    expect(await replica.registry.accounts.listUsers()).toEqual([]);
    await other.close();
  });

  it('turns unready over an unsound log, writes nothing, and still serves what it has', async () => {
    const replica = await world.replica();
    const token = await world.tokenOf('alice', replica);
    const { seq } = (await publish(replica, token, samplePackage())).json();
    expect((await replica.app.inject('/readyz')).json()).toEqual({ status: 'ok', seq });
    await world.store.create(entryKey('log', seq + 1), Buffer.from('garbage\n'));

    const refused = await publish(replica, token, samplePackage({ version: '2.0.0' }));
    expect([refused.statusCode, refused.json().code]).toEqual([503, 'EBPM_LOG_UNSOUND']);
    expect(refused.headers['retry-after']).toBe('2');
    const ready = await replica.app.inject('/readyz');
    expect([ready.statusCode, ready.json()]).toEqual([
      503,
      { status: 'unready', seq, reason: expect.stringContaining('log') },
    ]);
    expect((await replica.app.inject('/healthz')).json()).toEqual({ status: 'ok', seq });
    expect(await versionsOf(replica, 'sigsnoop')).toEqual(['1.0.0']);
  });

  it('refuses writes after it was closed, and can be closed twice', async () => {
    const replica = await world.replica();
    const token = await world.tokenOf('alice', replica);
    const commit = replica.registry.log.commit({ type: 'publish', by: 'u_x' });
    await replica.registry.close();
    await replica.registry.close();
    await expect(commit).rejects.toEqual(expect.objectContaining({ code: 'EBPM_INTERNAL' }));
    await expect(replica.registry.log.commit({ type: 'publish', by: token })).rejects.toEqual(
      expect.objectContaining({ code: 'EBPM_REGISTRY_CLOSING' }),
    );
  });
});
