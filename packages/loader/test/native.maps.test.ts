import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningObject } from '../src/running-object.js';
import { compileObject } from './compile-fixture.js';
import { hasNativeKernel } from './native-kernel.js';
import { openTraced } from './open-traced.js';
import { Sender } from './sender.js';

const CALLS = 10_000;

describe.skipIf(!hasNativeKernel)('readMap()', () => {
  let sender: Sender;
  let running: RunningObject;
  beforeAll(async () => {
    sender = await Sender.start();
    running = openTraced(compileObject('events'), 'to_maps', sender).load().attach();
    await sender.send(CALLS);
  });
  afterAll(async () => {
    running.close();
    await sender.stop();
  });

  it('readMap() gives every entry of a hash map once', () => {
    const entries = running.readMap('calls').map(({ key, value }) => [bigInt(key), bigInt(value)] as const);
    entries.sort(([a], [b]) => Number(a - b));
    expect(entries).toEqual(Array.from({ length: CALLS }, (_, index) => [BigInt(index), BigInt(index + 1000)]));
  });

  it('readMap() gives the values of all CPUs, each padded to 8 bytes', () => {
    const entries = running.readMap('per_cpu');
    expect(entries.length).toBe(3);
    const counts = entries.map(({ value }) => {
      const words = new BigUint64Array(value.slice().buffer);
      return words.reduce((sum, word) => sum + word, 0n);
    });
    expect(counts).toEqual([0n, BigInt(CALLS), 0n]);
  });

  it('readMap() reads data sections by their section', () => {
    expect(running.readMap('.bss').map(({ value }) => bigInt(value.subarray(0, 8)))).toEqual([BigInt(CALLS)]);
  });

  it.each([
    ['queue', 'EBPM_MAP_UNREADABLE'],
    ['ring', 'EBPM_MAP_UNREADABLE'],
    ['perf', 'EBPM_MAP_UNREADABLE'],
    ['nothing', 'EBPM_MAP_UNKNOWN'],
  ])('readMap() of %s fails with %s', (map, code) => {
    expect(() => running.readMap(map)).toThrow(expect.objectContaining({ code }));
  });

  it('readMap() refuses a map of more than 64 MiB', () => {
    const object = openTraced(compileObject('events'), 'to_maps', sender);
    object.setMaxEntries('large', 1100);
    const loaded = object.load();
    expect(() => loaded.readMap('large')).toThrow(expect.objectContaining({ code: 'EBPM_MAP_TOO_LARGE' }));
    loaded.close();
  });
});

function bigInt(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
}
