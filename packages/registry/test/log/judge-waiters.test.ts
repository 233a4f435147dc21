import { EbpmError } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { judgeWaiters } from '../../src/log/judge-waiters.js';
import type { Verdict } from '../../src/log/log-fold.js';
import { WriteQueue } from '../../src/log/write-queue.js';
import { FakeClock } from './fake-clock.js';
import { seededRandom } from './seeded-random.js';
import { publish, VersionFold } from './version-fold.js';

describe('judgeWaiters()', () => {
  function judged(verdicts: readonly Verdict[], count = verdicts.length) {
    const queue = new WriteQueue({ log: 'log', clock: new FakeClock(), random: seededRandom(1) });
    const taken = Array.from({ length: count }, (_, i) => queue.admit(publish(`1.0.${i}`)));
    const fold = new VersionFold();
    fold.check = () => [...verdicts];
    return { taken, queue, judge: () => judgeWaiters({ taken, auth: 0, fold, queue }) };
  }

  it('judgeWaiters() gives places to the accepted and to those who share them, and answers the others', async () => {
    const error = new EbpmError('EBPM_VERSION_EXISTS', 'no');
    const { taken, queue, judge } = judged([
      { kind: 'accept' },
      { kind: 'already', seq: 7 },
      { kind: 'refuse', error },
      { kind: 'same', index: 0 },
      { kind: 'accept' },
    ]);
    const places = judge();
    expect(places).toEqual([[taken[0], taken[3]], [taken[4]]]);
    expect(await taken[1]?.done).toEqual({ already: true, seq: 7 });
    await expect(taken[2]?.done).rejects.toBe(error);
    expect(queue.waiting).toHaveLength(3);
  });

  it('judgeWaiters() refuses a fold that leaves one out', () => {
    expect(judged([{ kind: 'accept' }], 2).judge).toThrow(TypeError);
  });

  it('judgeWaiters() refuses a fold that lets one share the fate of what is not written', () => {
    const shared: Verdict = { kind: 'same', index: 0 };
    expect(judged([{ kind: 'already', seq: 1 }, shared]).judge).toThrow(TypeError);
  });
});
