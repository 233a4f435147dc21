import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compileObject } from './compile-fixture.js';
import { hasNativeKernel, programsNamed } from './native-kernel.js';
import { openTraced } from './open-traced.js';
import { records } from './records.js';
import { Sender } from './sender.js';

const EVENTS = 100_000;

describe.skipIf(!hasNativeKernel)('consume() of a ring buffer', () => {
  let bytes: Uint8Array;
  let sender: Sender;
  beforeAll(async () => {
    bytes = compileObject('events');
    sender = await Sender.start();
  });
  afterAll(() => sender.stop());

  it('consume() hands over every one of 100,000 events once and in order', { timeout: 20_000 }, async () => {
    const running = openTraced(bytes, 'to_ring', sender).load().attach();
    const numbers: bigint[] = [];
    const consumer = running.consume('ring', (batch) => {
      for (const { data } of records(batch.bytes)) numbers.push(data.getBigUint64(0, true));
    });
    await sender.send(EVENTS);
    await vi.waitFor(() => expect(consumer.received).toBe(EVENTS), 5000);
    await sleep(30);
    running.close();

    expect(numbers.length).toBe(EVENTS);
    expect(numbers.findIndex((number, index) => number !== BigInt(index))).toBe(-1);
    expect(consumer.lost).toBe(0n);
    await consumer.done;
    await vi.waitFor(() => expect(programsNamed('to_ring')).toBe(0), 5000);
  });

  it('consume() leaves out discarded records', async () => {
    const running = openTraced(bytes, 'to_ring', sender, { discard_too: 1 }).load().attach();
    const numbers: bigint[] = [];
    const consumer = running.consume('ring', (batch) => {
      for (const { data } of records(batch.bytes)) numbers.push(data.getBigUint64(8, true));
    });
    await sender.send(1000);
    await vi.waitFor(() => expect(consumer.received).toBe(1000), 5000);
    running.close();

    expect(numbers.every((number, index) => number === BigInt(index) * 2n)).toBe(true);
  });

  it('consume() makes its batch grow for a record that is larger', async () => {
    const running = openTraced(bytes, 'big_to_ring', sender).load().attach();
    const seen: bigint[][] = [];
    running.consume(
      'ring',
      (batch) => {
        for (const { data } of records(batch.bytes)) {
          seen.push([data.getBigUint64(0, true), data.getBigUint64(data.byteLength - 8, true)]);
        }
      },
      { maxBatchBytes: 4096 },
    );
    await sender.send(50);
    await vi.waitFor(() => expect(seen.length).toBe(50), 5000);
    running.close();

    expect(seen).toEqual(Array.from({ length: 50 }, (_, index) => [BigInt(index), 2n ** 64n - 1n]));
  });

  it('consume() lets timers run while its callback is slow and events keep coming', { timeout: 20_000 }, async () => {
    const running = openTraced(bytes, 'to_ring', sender).load().attach();
    let ticks = 0;
    let batches = 0;
    const timer = setInterval(() => ticks++, 1);
    const consumer = running.consume(
      'ring',
      () => {
        batches++;
        const until = performance.now() + 5;
        while (performance.now() < until);
      },
      { maxBatchBytes: 4096 },
    );
    await sender.send(20_000);
    await vi.waitFor(() => expect(consumer.received).toBe(20_000), 15_000);
    clearInterval(timer);
    running.close();

    expect(batches).toBeGreaterThan(100);
    expect(ticks).toBeGreaterThan(batches / 2);
  });

  it('consume() polls again after a flood: a single event arrives at once', async () => {
    const running = openTraced(bytes, 'to_ring', sender).load().attach();
    const consumer = running.consume('ring', () => {});
    await sender.send(20_000);
    await vi.waitFor(() => expect(consumer.received).toBe(20_000), 5000);
    await sleep(50);
    for (let extra = 1; extra <= 20; extra++) {
      await sender.send(1);
      await vi.waitFor(() => expect(consumer.received).toBe(20_000 + extra), { timeout: 1000, interval: 1 });
    }
    running.close();
  });

  it('consume() ends with what its callback threw', async () => {
    const running = openTraced(bytes, 'to_ring', sender).load().attach();
    let calls = 0;
    const consumer = running.consume('ring', () => {
      calls++;
      throw new RangeError('too much');
    });
    const ended = expect(consumer.done).rejects.toThrow('too much');
    await sender.send(10);
    await ended;
    await sender.send(10);
    await sleep(20);

    expect(consumer.open).toBe(false);
    expect(calls).toBe(1);
    running.close();
  });

  it('consume() goes on with a new batch after a callback has given the old one away', async () => {
    const running = openTraced(bytes, 'to_ring', sender).load().attach();
    const given: ArrayBuffer[] = [];
    const consumer = running.consume('ring', (batch) => {
      given.push(structuredClone(batch.bytes.buffer as ArrayBuffer, { transfer: [batch.bytes.buffer as ArrayBuffer] }));
    });
    await sender.send(1);
    await vi.waitFor(() => expect(consumer.received).toBe(1), 5000);
    await sender.send(1);
    await vi.waitFor(() => expect(consumer.received).toBe(2), 5000);
    running.close();

    expect(given.map((buffer) => new DataView(buffer).getBigUint64(8, true))).toEqual([0n, 1n]);
  });

  it('consume() refuses a map that has an open consumer', () => {
    const running = openTraced(bytes, 'to_ring', sender).load().attach();
    const consumer = running.consume('ring', () => {});
    expect(() => running.consume('ring', () => {})).toThrow(TypeError);
    consumer.close();
    running.consume('ring', () => {}).close();
    running.close();
  });

  it('consume() refuses a map that holds no events, and one that is not there', () => {
    const running = openTraced(bytes, 'to_ring', sender).load().attach();
    expect(() => running.consume('calls', () => {})).toThrow(
      expect.objectContaining({
        code: 'EBPM_CONSUME_FAILED',
        message: expect.stringContaining('neither a ring buffer'),
      }),
    );
    expect(() => running.consume('nothing', () => {})).toThrow(expect.objectContaining({ code: 'EBPM_MAP_UNKNOWN' }));
    running.close();
  });

  it('close() hands over what is left, and may be called within the callback and twice', async () => {
    const running = openTraced(bytes, 'to_ring', sender).load().attach();
    await sender.send(500);
    const consumer = running.consume('ring', () => running.close());
    running.close();
    running.close();

    expect(consumer.received).toBe(500);
    expect(consumer.open).toBe(false);
    await consumer.done;
  });
});
