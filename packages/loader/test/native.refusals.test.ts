import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RefusalCounter } from '../src/refusal-counter.js';
import type { RunningObject } from '../src/running-object.js';
import { compileObject } from './compile-fixture.js';
import { globalsOf } from './globals-of.js';
import { attachesToFunctions, programsNamed } from './native-kernel.js';
import { openTraced } from './open-traced.js';
import { Sender } from './sender.js';

const CALLS = 5000;

describe.skipIf(!attachesToFunctions())('countRefusals()', () => {
  let bytes: Uint8Array;
  let sender: Sender;
  let refusals: RefusalCounter;
  let running: RunningObject;
  beforeAll(async () => {
    bytes = compileObject('refusals');
    sender = await Sender.start();
    const loaded = openTraced(bytes, 'to_full_maps', sender).load();
    const counter = loaded.countRefusals();
    if (counter === undefined) throw new Error('the fixture has maps to count for');
    refusals = counter;
    running = loaded.attach();
    await sender.send(CALLS);
  });
  afterAll(async () => {
    running.close();
    refusals.close();
    await sender.stop();
  });

  it('countRefusals() counts exactly what each map refused, however it was put there', () => {
    const own = globalsOf(running, bytes);
    const expected = {
      tiny: own('reserves_refused'),
      small: own('outputs_refused') + own('dynptrs_refused'),
      entries: own('updates_refused'),
      per_cpu: own('per_cpu_updates_refused'),
    };
    expect(own('calls')).toBe(BigInt(CALLS));
    expect(own('outputs_refused')).toBeGreaterThan(0n);
    expect(own('dynptrs_refused')).toBeGreaterThan(0n);
    expect(expected.tiny).toBe(BigInt(CALLS - 4096 / 16));
    expect(expected.entries).toBe(BigInt(CALLS - 100));
    expect(Object.fromEntries(refusals.counts)).toEqual(expected);
    expect(refusals.missed).toBe(0n);
  });

  it('countRefusals() counts nothing of other objects, whose maps have the same names', async () => {
    const before = refusals.counts;
    const other = openTraced(bytes, 'to_full_maps', sender).load();
    const otherRefusals = other.countRefusals();
    running.detach();
    const otherRunning = other.attach();
    await sender.send(CALLS);
    const own = globalsOf(otherRunning, bytes);
    expect(otherRefusals?.counts.get('tiny')).toBe(own('reserves_refused'));
    expect(own('reserves_refused')).toBeGreaterThan(4000n);
    expect(refusals.counts).toEqual(before);
    otherRunning.close();
    otherRefusals?.close();
  });

  it('close() keeps the counts and takes the programs out of the kernel', async () => {
    const before = refusals.counts;
    refusals.close();
    refusals.close();
    expect(refusals.counts).toEqual(before);
    await vi.waitFor(() => expect(programsNamed('ebpm_refusals')).toBe(0), 5000);
  });
});
