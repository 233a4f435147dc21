import { afterEach, describe, expect, it } from 'vitest';
import { type CreateFault, faultyStore } from '../stores/faulty-store.js';
import { latentStore } from '../stores/latent-store.js';
import { LogWorld, type Replica } from './log-world.js';
import { seededRandom } from './seeded-random.js';
import { publish } from './version-fold.js';

describe('several replicas on one store', () => {
  let world = new LogWorld();
  afterEach(async () => {
    await world.close();
    world = new LogWorld();
  });

  /** 15 % of all requests fail, creates in every way there is. */
  function unreliable(seed: number) {
    const { clock } = world;
    const random = seededRandom(seed);
    const isFaulty = () => random.fraction() < 0.15;
    const createFault = (): CreateFault | undefined => {
      if (!isFaulty()) return undefined;
      const faults: readonly CreateFault[] = [
        { kind: 'lost request' },
        { kind: 'lost answer' },
        { kind: 'own 412' },
        { kind: 'held', ms: 8_000 * random.fraction() },
      ];
      return faults[Math.floor(faults.length * random.fraction())];
    };
    const near = latentStore(world.store, { readMs: 1 + random.fraction(), createMs: 3 + random.fraction() }, clock);
    return faultyStore(near, { clock, createFault, readFault: isFaulty });
  }

  /** Publishes until it has an answer that is not "nobody knows". */
  async function publishUntilKnown(
    { log }: Replica,
    version: string,
    digest: string,
  ): Promise<'new' | 'already' | 'refused'> {
    for (;;) {
      try {
        return (await log.commit(publish(version, digest))).already ? 'already' : 'new';
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) throw error;
        if (error.code === 'EBPM_VERSION_EXISTS') return 'refused';
        if (error.code !== 'EBPM_REGISTRY_UNSETTLED') throw error;
      }
    }
  }

  async function openReplicas(count: number, seed: number): Promise<Replica[]> {
    await world.open();
    const replicas: Replica[] = [];
    for (let i = 0; i < count; i++) {
      replicas.push(await world.open());
      await replicas.at(-1)?.log.close();
      replicas[i] = await openUnreliable(seed * 10 + i);
    }
    return replicas;
  }

  /** Opening may meet a fault too: then it is tried again. */
  async function openUnreliable(seed: number): Promise<Replica> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await world.open({ store: unreliable(seed + 1_000 * attempt) });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EBPM_STORE_UNAVAILABLE')) throw error;
      }
    }
  }

  it.each([
    [2, 1],
    [2, 2],
    [4, 3],
    [4, 4],
  ])('%i replicas lose and double nothing under faults (seed %i)', async (count, seed) => {
    const replicas = await openReplicas(count, seed);
    const versions = Array.from({ length: 100 }, (_, i) => `1.0.${i}`);
    const answers = await world.run(
      Promise.all(
        versions.map(async (version, i) => publishUntilKnown(replicas[i % count] ?? fail(), version, `d${i}`)),
      ),
    );
    expect(answers).not.toContain('refused');
    const seen = await world.audit();
    expect([...seen.versions.keys()].sort()).toEqual([...versions].sort());
    expect(seen.voided).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])(
    'of eight publishers with different contents one wins, under faults (seed %i)',
    async (seed) => {
      const replicas = await openReplicas(2, seed);
      const digests = Array.from({ length: 8 }, (_, i) => `d${i}`);
      const answers = await world.run(
        Promise.all(digests.map((digest, i) => publishUntilKnown(replicas[i % 2] ?? fail(), '1.0.0', digest))),
      );
      expect(answers.filter((answer) => answer !== 'refused')).toHaveLength(1);
      const seen = await world.audit();
      expect(seen.versions.get('1.0.0')?.digest).toBe(digests[answers.findIndex((answer) => answer !== 'refused')]);
      expect(seen.voided).toEqual([]);
    },
  );

  it('eight publishers with the same contents all succeed, with one operation', async () => {
    const replicas = await openReplicas(2, 9);
    const answers = await world.run(
      Promise.all(Array.from({ length: 8 }, (_, i) => publishUntilKnown(replicas[i % 2] ?? fail(), '1.0.0', 'd'))),
    );
    expect(answers).not.toContain('refused');
    expect((await world.audit()).voided).toEqual([]);
  });

  const NEIGHBOURS = [
    ['as near', { readMs: 2, createMs: 4 }],
    ['whose reads take ten times as long', { readMs: 20, createMs: 4 }],
    ['whose requests all take four times as long', { readMs: 8, createMs: 16 }],
  ] as const;

  it.each(NEIGHBOURS)('a writer beside another that is %s leaves it at least a quarter', async (_, latency) => {
    const [fast, slow] = await openNeighbours(latency);
    const endMs = world.clock.nowMs() + 5_000;
    expectFair(
      await world.run(Promise.all([publishInTurn(fast, { name: 0, endMs }), publishInTurn(slow, { name: 1, endMs })])),
    );
  });

  it.each(NEIGHBOURS)('a writer that was alone leaves another that is %s at least a quarter', async (_, latency) => {
    const [fast, slow] = await openNeighbours(latency);
    await world.run(publishInTurn(fast, { name: 2, endMs: world.clock.nowMs() + 1_000 }));
    const endMs = world.clock.nowMs() + 6_000;
    const goesOn = publishInTurn(fast, { name: 0, endMs });
    await world.run(world.clock.sleep(1_000));
    expectFair(await world.run(Promise.all([goesOn, publishInTurn(slow, { name: 1, endMs })])));
  });

  async function openNeighbours(latency: { readMs: number; createMs: number }): Promise<[Replica, Replica]> {
    const fast = await world.open({ store: latentStore(world.store, { readMs: 2, createMs: 4 }, world.clock) });
    return [fast, await world.open({ store: latentStore(world.store, latency, world.clock) })];
  }

  function expectFair([byFast = 0, bySlow = 0]: readonly number[]): void {
    expect(bySlow / (byFast + bySlow)).toBeGreaterThan(0.25);
    expect(byFast / (byFast + bySlow)).toBeGreaterThan(0.25);
  }

  /** Eight publishers, each with the next version as soon as it has an answer. */
  async function publishInTurn({ log }: Replica, { name, endMs }: { name: number; endMs: number }): Promise<number> {
    let count = 0;
    const publisher = async () => {
      while (world.clock.nowMs() < endMs) await log.commit(publish(`${name}.0.${count++}`));
    };
    await Promise.all(Array.from({ length: 8 }, publisher));
    return count;
  }
});

function fail(): never {
  throw new TypeError('There is no such replica');
}
