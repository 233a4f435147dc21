import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { onlineCpus } from '../src/online-cpus.js';
import { compileObject } from './compile-fixture.js';
import { hasNativeKernel, programsNamed } from './native-kernel.js';
import { openTraced } from './open-traced.js';
import { records } from './records.js';
import { Sender } from './sender.js';

const EVENTS = 100_000;

describe.skipIf(!hasNativeKernel)('consume() of a perf event array', () => {
  let bytes: Uint8Array;
  let sender: Sender;
  beforeAll(async () => {
    bytes = compileObject('events');
    sender = await Sender.start();
  });
  afterAll(() => sender.stop());

  it('consume() hands over every one of 100,000 events once, in order on each CPU', { timeout: 20_000 }, async () => {
    const running = openTraced(bytes, 'to_perf', sender).load().attach();
    const byCpu = new Map<number, bigint[]>();
    // Room for all of them on one CPU: 40 bytes each.
    const consumer = running.consume('perf', collectInto(byCpu), { perfBufferPages: 2048 });
    await sender.send(EVENTS);
    await vi.waitFor(() => expect(consumer.received).toBe(EVENTS), 5000);
    await sleep(30);
    running.close();

    expect(consumer.lost).toBe(0n);
    for (const numbers of byCpu.values()) expect(numbers.every(followsTheOneBefore)).toBe(true);
    const all = BigUint64Array.from([...byCpu.values()].flat()).sort();
    expect(all.length).toBe(EVENTS);
    expect(all.findIndex((number, index) => number !== BigInt(index))).toBe(-1);
    expect([...byCpu.keys()].every((cpu) => onlineCpus().includes(cpu))).toBe(true);
    await vi.waitFor(() => expect(programsNamed('to_perf')).toBe(0), 5000);
  });

  it('consume() misses no event that comes before the event loop polls for the first time', async () => {
    for (let round = 0; round < 10; round++) {
      const running = openTraced(bytes, 'to_perf', sender).load().attach();
      const consumer = running.consume('perf', () => {});
      const sending = sender.send(20);
      const until = performance.now() + 5;
      while (performance.now() < until);
      await sending;
      await vi.waitFor(() => expect(consumer.received).toBe(20), { timeout: 1000, interval: 2 });
      running.close();
    }
  });

  it('lost counts exactly the events for which there was no room', { timeout: 20_000 }, async () => {
    const sender = await Sender.start({ oneCpu: true });
    const running = openTraced(bytes, 'to_perf', sender).load().attach();
    const byCpu = new Map<number, bigint[]>();
    const consumer = running.consume('perf', collectInto(byCpu), { perfBufferPages: 1 });
    let sent = 0;
    for (let round = 0; round < 5; round++) {
      const sending = sender.send(10_000);
      sent += 10_000;
      const until = performance.now() + 50;
      while (performance.now() < until);
      await sending;
    }
    // Before Linux 6.0 the kernel tells of a loss with the next event on the same CPU for which there is room.
    if (!consumer.buffer.countsEveryLoss) await sender.send(1).then(() => sent++);
    running.detach();
    consumer.drain();
    expect(BigInt(consumer.received) + consumer.lost).toBe(BigInt(sent));
    running.close();
    await sender.stop();

    expect(consumer.lost).toBeGreaterThan(0n);
    const all = [...byCpu.values()].flat();
    expect(new Set(all).size).toBe(consumer.received);
  });

  it('consume() refuses sizes that are not a power of two, or too large', () => {
    const running = openTraced(bytes, 'to_perf', sender).load().attach();
    for (const perfBufferPages of [0, 3, -2, 1.5, Number.NaN, 32_768]) {
      expect(() => running.consume('perf', () => {}, { perfBufferPages })).toThrow(TypeError);
    }
    for (const maxBatchBytes of [0, 100, 2 ** 31, Number.NaN]) {
      expect(() => running.consume('perf', () => {}, { maxBatchBytes })).toThrow(TypeError);
    }
    running.close();
  });
});

function collectInto(byCpu: Map<number, bigint[]>) {
  return ({ bytes }: { bytes: Uint8Array }) => {
    for (const { data, second: cpu } of records(bytes)) {
      const numbers = byCpu.get(cpu) ?? [];
      numbers.push(data.getBigUint64(0, true));
      byCpu.set(cpu, numbers);
    }
  };
}

function followsTheOneBefore(number: bigint, index: number, numbers: readonly bigint[]): boolean {
  return number > (numbers[index - 1] ?? -1n);
}
