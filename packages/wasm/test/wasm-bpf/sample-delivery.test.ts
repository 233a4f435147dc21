import { frameRecords } from '@ebpm/events';
import { describe, expect, it } from 'vitest';
import { engine } from '../../src/engine.js';
import { GuestMemory } from '../../src/guest-memory.js';
import { deliverSamples, type SampleTarget } from '../../src/wasm-bpf/sample-delivery.js';

const DATA = 64;

function batchOf(...records: readonly Uint8Array[]) {
  const { bytes } = frameRecords(records.map((record) => [record]));
  return { buffer: { bytes }, from: 0, to: bytes.length } as Parameters<typeof deliverSamples>[0];
}

function guest() {
  const own = new engine.Memory({ initial: 1 });
  const memory = new GuestMemory();
  memory.bind(own);
  return { own, memory };
}

function target(change: Partial<SampleTarget>): SampleTarget {
  return {
    callback: () => 0,
    context: 7,
    data: DATA,
    maxBytes: 4096,
    maxSamples: Number.POSITIVE_INFINITY,
    own: { isClosed: false },
    ...change,
  };
}

const RECORDS = [1, 2, 3].map((value) => new Uint8Array(9 + value).fill(value));

describe('deliverSamples()', () => {
  it.each([DATA, DATA + 1])(
    'deliverSamples() gives every sample of a batch, at an aligned place and at others',
    (data) => {
      const { memory } = guest();
      const seen: string[] = [];
      const callback = (context: number, at: number, size: number) => {
        seen.push(`${context} ${Buffer.from(memory.bytes(at, size)).toString('hex')}`);
        return 0;
      };
      const batch = batchOf(...RECORDS, new Uint8Array(600).fill(9));
      const done = deliverSamples(batch, memory, target({ callback, data }));
      expect(done).toEqual({ samples: 4, bytes: batch.to, result: 0 });
      expect(seen.slice(0, 3)).toEqual(RECORDS.map((record) => `7 ${Buffer.from(record).toString('hex')}`));
      expect(seen[3]).toBe(`7 ${'09'.repeat(600)}`);
    },
  );

  it('deliverSamples() cuts what is larger than the guest has room for, and writes nothing behind it', () => {
    const { memory } = guest();
    memory.bytes(DATA, 16).fill(0xee);
    const sizes: number[] = [];
    const callback = (_context: number, _at: number, size: number) => sizes.push(size) * 0;
    deliverSamples(batchOf(...RECORDS), memory, target({ callback, maxBytes: 10 }));
    expect(sizes).toEqual([10, 10, 10]);
    expect([...memory.bytes(DATA + 10, 6)]).toEqual(Array(6).fill(0xee));
  });

  it('deliverSamples() ends with the first negative result, and says how far it came', () => {
    const { memory } = guest();
    let calls = 0;
    const done = deliverSamples(batchOf(...RECORDS), memory, target({ callback: () => (++calls === 2 ? -5 : 1) }));
    expect(done).toEqual({ samples: 2, bytes: 2 * 24, result: -5 });
  });

  it('deliverSamples() ends when the guest closes the object, and at the wanted number of samples', () => {
    const { memory } = guest();
    const own = { isClosed: false };
    const close = () => {
      own.isClosed = true;
      return 0;
    };
    expect(deliverSamples(batchOf(...RECORDS), memory, target({ own, callback: close })).samples).toBe(1);
    expect(deliverSamples(batchOf(...RECORDS), memory, target({ maxSamples: 2 })).samples).toBe(2);
  });

  it('deliverSamples() goes on when a callback lets the memory grow', () => {
    const { own, memory } = guest();
    const seen: number[] = [];
    const callback = (_context: number, at: number) => {
      own.grow(1);
      seen.push(memory.bytes(at, 1)[0] ?? 0);
      return 0;
    };
    deliverSamples(batchOf(...RECORDS), memory, target({ callback }));
    expect(seen).toEqual([1, 2, 3]);
  });

  it('deliverSamples() takes no callback that returns nothing', () => {
    const { memory } = guest();
    expect(() => deliverSamples(batchOf(...RECORDS), memory, target({ callback: () => undefined }))).toThrow(/no i32/);
  });
});
