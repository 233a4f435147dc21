import type { RecordType } from '@ebpm/events';
import { Recorder } from '../../src/record/recorder.js';
import type { RecordingHeader } from '../../src/record/recording-format.js';
import type { SampleLook } from '../../src/session/sampled-map.js';

export const HEADER: RecordingHeader = {
  package: 'tool',
  kernel: '6.12.0',
  machine: 'x64',
  realtimeNs: '1700000000000000000',
  monotonicNs: '5000000000',
};
export const LEDGER = { ebpm: 'ledger', complete: true };

/** Events with one 64-bit number. */
export const NUMBERS: RecordType = {
  name: 'event',
  sizeBytes: 8,
  fields: [{ name: 'number', offsetBytes: 0, typeName: 'u64', type: { kind: 'int', sizeBytes: 8, signed: false } }],
};
export const TEXTS: RecordType = {
  name: 'text',
  sizeBytes: 4,
  fields: [{ name: 'text', offsetBytes: 0, typeName: 'char[4]', type: { kind: 'string', sizeBytes: 4 } }],
};

/** Records framed as the loader hands them over. */
export function batch(records: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    records.flatMap((data) => {
      const header = new Uint8Array(8);
      new DataView(header.buffer).setUint32(0, data.length, true);
      return [header, data, new Uint8Array((8 - (data.length % 8)) % 8)];
    }),
  );
}

export function number(value: number): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}

/** A recording of two streams whose batches alternate, with its end. Its frames begin at `frames`. */
export function recording(): { readonly bytes: Uint8Array; readonly frames: readonly number[] } {
  const parts: Uint8Array[] = [];
  const frames: number[] = [];
  let size = 0;
  let nowNs = BigInt(HEADER.realtimeNs);
  const recorder = new Recorder({
    header: HEADER,
    write: (given) => {
      frames.push(size);
      for (const part of given) {
        parts.push(Uint8Array.from(part));
        size += part.length;
      }
    },
    nowNs: () => {
      nowNs += 1_000_000_000n;
      return nowNs;
    },
  });
  const numbers = recorder.stream('numbers', NUMBERS);
  const texts = recorder.stream('texts', TEXTS);
  numbers(batch([number(1), number(2)]));
  texts(batch([Buffer.from('ab\0\0')]));
  numbers(batch([number(3)]));
  recorder.end(LEDGER);
  return { bytes: Buffer.concat(parts), frames: frames.slice(1) };
}

/** A recording of single numbers, each some milliseconds after the start. */
export function recordingOf(numbers: readonly (readonly [afterMs: bigint, value: number])[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let nowNs = BigInt(HEADER.realtimeNs);
  const recorder = new Recorder({
    header: HEADER,
    write: (given) => void parts.push(...given.map((part) => Uint8Array.from(part))),
    nowNs: () => nowNs,
  });
  const record = recorder.stream('numbers', NUMBERS);
  for (const [afterMs, value] of numbers) {
    nowNs = BigInt(HEADER.realtimeNs) + afterMs * 1_000_000n;
    record(batch([number(value)]));
  }
  recorder.end(LEDGER);
  return Buffer.concat(parts);
}

/** Entries of a map of numbers to an array of counters named `slots`. */
export const HISTOGRAMS: RecordType = {
  name: 'hists',
  sizeBytes: 8 + 3 * 8,
  fields: [
    { name: 'key', offsetBytes: 0, typeName: 'key', type: { kind: 'struct', sizeBytes: 8, fields: NUMBERS.fields } },
    {
      name: 'value',
      offsetBytes: 8,
      typeName: 'value',
      type: {
        kind: 'struct',
        sizeBytes: 3 * 8,
        fields: [
          {
            name: 'slots',
            offsetBytes: 0,
            typeName: 'u64[3]',
            type: {
              kind: 'array',
              sizeBytes: 3 * 8,
              length: 3,
              element: { kind: 'int', sizeBytes: 8, signed: false },
            },
          },
        ],
      },
    },
  ],
};

/** A recording of a sampled map: each reading has some keys, whose slots count 0, the key, and twice the key. */
export function sampledRecording(look: SampleLook, readings: readonly (readonly number[])[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const recorder = new Recorder({
    header: HEADER,
    write: (given) => void parts.push(...given.map((part) => Uint8Array.from(part))),
    nowNs: () => BigInt(HEADER.realtimeNs),
  });
  const record = recorder.sampledStream('hists', HISTOGRAMS, look);
  for (const keys of readings) {
    record(batch(keys.map((key) => Buffer.concat([number(key), number(0), number(key), number(2 * key)]))));
  }
  recorder.end(LEDGER);
  return Buffer.concat(parts);
}

/** The bytes in chunks of a size. */
export async function* chunks(bytes: Uint8Array, sizeBytes = bytes.length || 1): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.subarray(at, at + sizeBytes);
}
