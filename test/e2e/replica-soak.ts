import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { listedVersions, publishTo, servedDigest, type TestPackage, testPackage } from './published-package.js';
import { newToken, type RegistryPlace, RegistryProcess, runRegistry } from './registry-process.js';

const REPLICAS = 4;
const PUBLISHERS = 8;

/** What came of it. */
export interface Soaked {
  readonly accepted: number;
  readonly kills: number;
  /** Versions that all publishers wanted with contents of their own. */
  readonly contests: number;
  /** Publishes that had no plain answer and were sent again, to whichever replica. */
  readonly repeats: number;
}

/**
 * Four replicas on one store, eight publishers, and a replica killed and started again at random all the time. Afterwards every
 * accepted version must be there with its digest on every replica, no version may have two winners, and the store must be sound.
 */
export async function soakReplicas(place: RegistryPlace, lengthMs: number): Promise<Soaked> {
  const token = await newToken(place, 'alice');
  const start = () => RegistryProcess.start(place, undefined, 'silent');
  const replicas = await Promise.all(Array.from({ length: REPLICAS }, start));
  const untilMs = performance.now() + lengthMs;
  const counts = { repeats: 0, contests: 0, kills: 0 };
  const accepted = new Map<string, TestPackage>();
  let newest = '0';
  const anyUrl = () => replicas[Math.floor(Math.random() * REPLICAS)]?.url ?? '';

  /** Sends it until somebody knows what became of it. */
  async function publish(sample: TestPackage): Promise<number> {
    for (; ; counts.repeats++) {
      const answer = await publishTo(anyUrl(), token, sample).catch(() => undefined);
      if (answer !== undefined && answer.status < 500) {
        newest = newerOf(newest, answer.headers.get('ebpm-seq'));
        return answer.status;
      }
      await sleep(50);
    }
  }

  async function publishOwn(publisher: number): Promise<void> {
    for (let i = 0; performance.now() < untilMs; i++) {
      const sample = testPackage(`own-${publisher}`, `1.${i}.0`, `${publisher} ${i}`);
      expect([200, 201]).toContain(await publish(sample));
      accepted.set(`${sample.name}@${sample.version}`, sample);
    }
  }

  /** All want the same version: one of them gets it. */
  async function contest(): Promise<void> {
    while (performance.now() < untilMs) {
      const version = `1.${counts.contests++}.0`;
      const samples = Array.from({ length: PUBLISHERS }, (_, i) => testPackage('contested', version, `by ${i}`));
      const statuses = await Promise.all(samples.map(publish));
      const winners = samples.filter((_, i) => (statuses[i] ?? 0) < 300);
      expect([winners.length, statuses.filter((status) => status === 409).length]).toEqual([1, PUBLISHERS - 1]);
      for (const winner of winners) accepted.set(`contested@${version}`, winner);
      await sleep(200);
    }
  }

  /** One of these at a time is dead or starting, so that the others go on. */
  async function kill(first: number): Promise<void> {
    while (performance.now() < untilMs) {
      await sleep(200 + 800 * Math.random());
      const victim = first + Math.floor((Math.random() * REPLICAS) / 2);
      await replicas[victim]?.end('SIGKILL');
      counts.kills++;
      replicas[victim] = await start();
    }
  }

  try {
    await Promise.all([
      ...Array.from({ length: PUBLISHERS }, (_, i) => publishOwn(i)),
      contest(),
      kill(0),
      kill(REPLICAS / 2),
    ]);
    for (const { url } of replicas) await expectAll(url, accepted, newest);
  } finally {
    for (const replica of replicas) await replica.end('SIGKILL');
  }
  const { exitCode, stdout } = await runRegistry(place, 'verify', '--json');
  expect([exitCode, JSON.parse(stdout).problems]).toEqual([0, []]);
  return { accepted: accepted.size, ...counts };
}

/** @param newest the newest `ebpm-seq` that a publisher was given: a replica that has not read so far yet is to do so before it answers */
async function expectAll(url: string, accepted: ReadonlyMap<string, TestPackage>, newest: string): Promise<void> {
  const names = new Set([...accepted.values()].map(({ name }) => name));
  const listed = new Map<string, string>();
  for (const name of names) {
    for (const { version, digest } of await listedVersions(url, name, newest)) {
      expect(listed.has(`${name}@${version}`)).toBe(false);
      listed.set(`${name}@${version}`, digest);
    }
  }
  for (const [place, { digest }] of accepted) expect(`${place} ${listed.get(place)}`).toBe(`${place} ${digest}`);
  const some = [...accepted.values()].filter((_, i) => i % Math.ceil(accepted.size / 50) === 0);
  for (const { digest } of some) expect(await servedDigest(url, digest)).toBe(digest);
}

/** Of two values of `ebpm-seq` the one that is further in the log of versions. */
function newerOf(a: string, b: string | null): string {
  return b !== null && Number.parseInt(b, 10) > Number.parseInt(a, 10) ? b : a;
}
