import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunStatistics } from '../src/run-statistics.js';
import type { RunningObject } from '../src/running-object.js';
import { compileObject } from './compile-fixture.js';
import { globalsOf } from './globals-of.js';
import { attachesToFunctions, hasNativeKernel } from './native-kernel.js';
import { openTraced } from './open-traced.js';
import { Sender } from './sender.js';

const CALLS = 5000;

describe.skipIf(!hasNativeKernel)('what the kernel counts', () => {
  let bytes: Uint8Array;
  let sender: Sender;
  let running: RunningObject;
  beforeAll(async () => {
    bytes = compileObject('refusals');
    sender = await Sender.start();
    running = openTraced(bytes, 'to_full_maps', sender).load().attach();
    await sender.send(CALLS);
  });
  afterAll(async () => {
    running.close();
    await sender.stop();
  });

  it('countEntries() counts the entries of a hash map, up to its limit', () => {
    expect(running.countEntries('entries', 1000)).toBe(100);
    expect(running.countEntries('entries', 7)).toBe(7);
    expect(() => running.countEntries('nothing', 7)).toThrow(expect.objectContaining({ code: 'EBPM_MAP_UNKNOWN' }));
  });

  it('programCounts() has run times only while RunStatistics are on', async () => {
    const before = countsOf(running, 'to_full_maps');
    const statistics = RunStatistics.enable();
    await sender.send(CALLS);
    statistics.close();
    statistics.close();
    const on = countsOf(running, 'to_full_maps');
    expect(on.runs - before.runs).toBeGreaterThanOrEqual(BigInt(CALLS));
    expect(on.runTimeNs).toBeGreaterThan(before.runTimeNs);
    expect(on).toMatchObject({ recursionMisses: 0n, missedHits: 0n, countsEveryMiss: true });
  });

  it('buffer tells how full a ring buffer was seen, and that the kernel does not count its losses', async () => {
    const consumer = running.consume('small', () => {});
    consumer.drain();
    expect(consumer.buffer.capacityBytes).toBe(8192);
    expect(consumer.buffer.highWaterBytes).toBeGreaterThan(8192 - 100);
    expect(consumer.buffer).toMatchObject({ lost: 0n, countsEveryLoss: false });
    consumer.close();
    expect(consumer.buffer.capacityBytes).toBe(8192);
  });
});

it.skipIf(!attachesToFunctions())(
  'programCounts() counts each run that was left out because of recursion',
  async () => {
    const bytes = compileObject('refusals');
    const sender = await Sender.start();
    const open = openTraced(bytes, 'call_a_helper', sender);
    open.setAutoload('nested', true);
    const running = open.load().attach();
    await sender.send(CALLS);
    const counts = countsOf(running, 'nested');
    expect(counts.recursionMisses).toBeGreaterThanOrEqual(BigInt(CALLS));
    expect(counts.recursionMisses).toBe(globalsOf(running, bytes)('nested_runs'));
    running.close();
    await sender.stop();
  },
);

function countsOf(running: RunningObject, program: string) {
  const counts = running.programCounts().find(({ name }) => name === program);
  if (counts === undefined) throw new Error(`there is no program "${program}"`);
  return counts;
}
