import type { PrinterOptions } from '@ebpm/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recorder } from '../../src/record/recorder.js';
import { replay } from '../../src/record/replay.js';
import { batch, chunks, HEADER, LEDGER, NUMBERS, number, recording, recordingOf } from './recordings.js';

const LINES = [
  '{"map":"numbers","number":1}',
  '{"map":"numbers","number":2}',
  '{"map":"texts","text":"ab"}',
  '{"map":"numbers","number":3}',
];

/** Replays bytes as JSON. */
async function replayed(
  bytes: Uint8Array,
  options: { chunkBytes?: number; maxEvents?: number; printing?: PrinterOptions } = {},
) {
  let text = '';
  const result = await replay(chunks(bytes, options.chunkBytes), {
    source: 'x.ebpmr',
    output: 'json',
    maxEvents: options.maxEvents,
    printing: options.printing,
    write: (chunk) => {
      text += Buffer.from(chunk).toString();
    },
  });
  return { ...result, lines: text.split('\n').slice(0, -1) };
}

describe('replay()', () => {
  it.each([1, 7, 4096])('replay() prints every event in order, read in chunks of %i bytes', async (chunkBytes) => {
    const { lines, header, ledger, streams, durationMs, damage } = await replayed(recording().bytes, { chunkBytes });
    expect(lines).toEqual(LINES);
    expect({ header, ledger, damage }).toEqual({ header: HEADER, ledger: LEDGER, damage: undefined });
    expect(durationMs).toBe(2000);
    expect(streams).toEqual([
      { name: 'numbers', received: 3, shown: 3, malformed: 0, broken: 0 },
      { name: 'texts', received: 1, shown: 1, malformed: 0, broken: 0 },
    ]);
  });

  it('replay() shows the clocks of the recorded run', async () => {
    const times = async (timestamp: 'utc' | 'monotonic') =>
      (await replayed(recording().bytes, { printing: { timestamp } })).lines.map((line) => JSON.parse(line).time);
    const utc = await times('utc');
    const startMs = Number(BigInt(HEADER.realtimeNs) / 1_000_000n);
    expect(new Set(utc).size).toBeGreaterThan(1);
    expect(await times('monotonic')).toEqual(
      utc.map((time) => Number(HEADER.monotonicNs) + (new Date(time).getTime() - startMs) * 1e6),
    );
  });

  it('replay() sorts in intervals of the recorded time, and shows the rest at the end', async () => {
    const sort = { field: 'number', descending: true };
    const bytes = (): Uint8Array =>
      recordingOf([
        [1n, 1],
        [2n, 5],
        [1500n, 3],
        [1600n, 4],
      ]);
    const { lines, streams } = await replayed(bytes(), { printing: { sort } });
    expect(lines).toEqual([5, 1, 4, 3].map((value) => `{"number":${value}}`));
    expect(streams).toEqual([{ name: 'numbers', received: 4, shown: 4, malformed: 0, broken: 0 }]);
    const filtered = await replayed(bytes(), { printing: { sort, filter: 'number > 3' } });
    expect(filtered.lines).toEqual([5, 4].map((value) => `{"number":${value}}`));
    expect(filtered.streams).toEqual([{ name: 'numbers', received: 4, shown: 2, malformed: 0, broken: 0 }]);
  });

  it('replay() ends after so many events', async () => {
    const { lines, ledger } = await replayed(recording().bytes, { maxEvents: 1 });
    expect(lines).toEqual(LINES.slice(0, 1));
    expect(ledger).toBeUndefined();
  });

  it('replay() reads a recording that was cut anywhere up to its last whole frame', async () => {
    const { bytes, frames } = recording();
    const first = frames[0] ?? 0;
    for (let size = first; size < bytes.length; size++) {
      const whole = frames.filter((start) => start > first && start <= size).length;
      const batches = [0, 0, 0, 2, 3, 4][whole] ?? 0;
      const { lines, ledger, damage } = await replayed(bytes.subarray(0, size));
      expect({ size, lines, ledger, damage }).toEqual({
        size,
        lines: LINES.slice(0, batches),
        ledger: undefined,
        damage: undefined,
      });
    }
  });

  it('replay() refuses what is cut before its first frame, and what is no recording', async () => {
    const { bytes, frames } = recording();
    for (const size of [0, 1, 8, 15, 16, 40, (frames[0] ?? 0) - 1]) {
      await expect(replayed(bytes.subarray(0, size))).rejects.toMatchObject({ code: 'EBPM_RECORDING_INVALID' });
    }
    await expect(replayed(Buffer.from('{"pid":1}\n'.repeat(100)))).rejects.toThrow('it is no recording of ebpm');
  });

  it.each<[string, number, number, string]>([
    ['another version', 8, 2, 'it has version 2'],
    ['a header of 4 GiB', 15, 0xff, 'its header claims'],
  ])('replay() refuses %s', async (_, at, value, reason) => {
    const bytes = Uint8Array.from(recording().bytes);
    bytes[at] = value;
    await expect(replayed(bytes)).rejects.toThrow(reason);
  });

  it.each<[string, number, number, number, string]>([
    ['an unknown kind of frame', 3, 0, 77, 'a frame has kind 77'],
    ['a batch of 4 GiB', 3, 7, 0xff, 'a frame claims'],
    ['a batch of a stream that is not there', 3, 16, 9, 'a batch is of stream 9'],
    ['a stream that is no JSON', 1, 16, 0, 'stream 1 is not described'],
    ['a stream behind the records', 3, 0, 1, 'stream 2 is described behind the first batch'],
  ])('replay() says what is wrong with %s, after what comes before it', async (_, frame, at, value, reason) => {
    const { bytes, frames } = recording();
    const changed = Uint8Array.from(bytes);
    changed[(frames[frame] ?? 0) + at] = value;
    const { lines, damage } = await replayed(changed);
    expect(lines).toEqual(frame === 3 ? LINES.slice(0, 2) : []);
    expect(damage).toMatchObject({ code: 'EBPM_RECORDING_DAMAGED', message: expect.stringContaining(reason) });
  });

  it('replay() reads changed bytes to their end, or refuses them: it never fails otherwise', async () => {
    const { bytes } = recording();
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(bytes.length), async (list, size) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, value] of list) changed[at] = value;
        try {
          const { damage } = await replayed(changed.subarray(0, size));
          expect([undefined, 'EBPM_RECORDING_DAMAGED']).toContain(damage?.code);
        } catch (error) {
          expect(error).toMatchObject({ code: 'EBPM_RECORDING_INVALID' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

it('Recorder refuses a batch that no reader takes', () => {
  const recorder = new Recorder({ header: HEADER, write: () => {}, nowNs: () => 0n });
  const record = recorder.stream('numbers', NUMBERS);
  record(batch([number(1)]));
  expect(() => record(new Uint8Array(64 * 1024 * 1024 + 1))).toThrow(
    expect.objectContaining({ code: 'EBPM_RECORD_FAILED' }),
  );
});
