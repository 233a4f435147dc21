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

  it('readMap() with clear takes every entry of a hash map, and sets those of an array to zero', async () => {
    const before = running.readMap('calls').length;
    const taken = running.readMap('calls', { clear: true });
    expect(new Set(taken.map(({ key }) => bigInt(key))).size).toBe(before);
    expect(running.readMap('calls')).toEqual([]);
    running.readMap('per_cpu', { clear: true });
    expect(running.readMap('per_cpu').every(({ value }) => value.every((byte) => byte === 0))).toBe(true);
    await sender.send(3);
    expect(running.readMap('calls', { clear: true }).length).toBe(3);
  });

  it('updateMap() and deleteFromMap() change entries, also more than one batch of them', () => {
    const entries = Array.from({ length: 10_000 }, (_, index) => ({ key: bytes(index), value: bytes(index * 2) }));
    running.updateMap('calls', entries);
    const read = running.readMap('calls').map(({ key, value }) => [bigInt(key), bigInt(value)] as const);
    expect(read.length).toBe(entries.length);
    expect(read.every(([key, value]) => value === key * 2n)).toBe(true);
    const keys = entries.map(({ key }) => key);
    // One that is gone stands in the middle of a batch, and stops nothing.
    running.deleteFromMap('calls', keys.slice(100, 101));
    running.deleteFromMap('calls', keys.slice(0, 9_999));
    expect(running.readMap('calls').map(({ key }) => bigInt(key))).toEqual([9_999n]);
    running.deleteFromMap('calls', keys);
    expect(running.readMap('calls')).toEqual([]);
  });

  it.each([
    ['a value of another length', 'calls', [{ key: bytes(1), value: new Uint8Array(7) }], 'EBPM_MAP_UNWRITABLE'],
    ['a key of another length', 'calls', [{ key: new Uint8Array(9), value: bytes(1) }], 'EBPM_MAP_UNWRITABLE'],
    ['a map that is not there', 'nothing', [], 'EBPM_MAP_UNKNOWN'],
  ])('updateMap() refuses %s', (_, map, entries, code) => {
    expect(() => running.updateMap(map, entries)).toThrow(expect.objectContaining({ code }));
  });

  it('deleteFromMap() refuses an array, whose entries stay', () => {
    expect(() => running.deleteFromMap('per_cpu', [new Uint8Array(4)])).toThrow(
      expect.objectContaining({ code: 'EBPM_MAP_UNWRITABLE' }),
    );
  });

  it('readMap() refuses a map of more than 64 MiB', () => {
    const object = openTraced(compileObject('events'), 'to_maps', sender);
    object.setMaxEntries('large', 1100);
    const loaded = object.load();
    expect(() => loaded.readMap('large')).toThrow(expect.objectContaining({ code: 'EBPM_MAP_TOO_LARGE' }));
    loaded.close();
  });
});

function bytes(value: number): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}

function bigInt(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
}
