import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrinter } from '../src/create-printer.js';
import { RECORD_BUSY, RECORD_DISCARDED } from '../src/record-batch.js';
import type { RecordType } from '../src/record-type.js';
import { concat, frame, le, textOf } from './frame.js';

const type: RecordType = {
  name: 'event',
  sizeBytes: 4,
  fields: [{ name: 'n', offsetBytes: 0, typeName: 'u32', type: { kind: 'int', sizeBytes: 4, signed: false } }],
};

const record = (value: number): Uint8Array => Uint8Array.from(le(4, value));
const broken = { bytes: Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8) };

describe('BatchWriter', () => {
  it('BatchWriter writes one row per record and counts them', () => {
    const printer = createPrinter('json', type);
    expect(textOf(printer.print(frame([record(1), record(2)])))).toBe('{"n":1}\n{"n":2}\n');
    expect(textOf(printer.print(frame([])))).toBe('');
    expect(printer.counts).toEqual({ printed: 2, filtered: 0, malformed: 0, broken: 0 });
  });

  it('BatchWriter accepts longer records and skips discarded ones', () => {
    const printer = createPrinter('json', type);
    const batch = concat(
      frame([Uint8Array.from([...record(1), 7, 7, 7, 7, 7])]),
      frame([record(2)], RECORD_DISCARDED),
      frame([record(3)]),
    );
    expect(textOf(printer.print(batch))).toBe('{"n":1}\n{"n":3}\n');
    expect(printer.counts).toEqual({ printed: 2, filtered: 0, malformed: 0, broken: 0 });
  });

  it('BatchWriter counts shorter records and goes on', () => {
    const printer = createPrinter('json', type);
    expect(textOf(printer.print(frame([Uint8Array.of(1, 2, 3), new Uint8Array(0), record(5)])))).toBe('{"n":5}\n');
    expect(printer.counts).toEqual({ printed: 1, filtered: 0, malformed: 2, broken: 0 });
  });

  it.each([
    ['a length beyond the batch', broken],
    ['a record that is still being written', frame([record(9)], RECORD_BUSY)],
    ['half a header', { bytes: Uint8Array.of(4, 0, 0, 0) }],
    ['the largest length', { bytes: Uint8Array.of(255, 255, 255, 63, 0, 0, 0, 0) }],
  ])('BatchWriter gives up a batch at %s', (_, rest) => {
    const printer = createPrinter('json', type);
    expect(textOf(printer.print(concat(frame([record(1)]), rest)))).toBe('{"n":1}\n');
    expect(printer.counts).toEqual({ printed: 1, filtered: 0, malformed: 0, broken: 1 });
  });

  it('BatchWriter takes a last record without its padding', () => {
    const printer = createPrinter('json', type);
    const { bytes } = frame([record(1)]);
    expect(textOf(printer.print({ bytes: bytes.subarray(0, 12) }))).toBe('{"n":1}\n');
  });

  it('BatchWriter stops at the limit', () => {
    const printer = createPrinter('json', type);
    const batch = frame([record(1), record(2), record(3)]);
    expect(textOf(printer.print(batch, 2))).toBe('{"n":1}\n{"n":2}\n');
    expect(textOf(printer.print(batch, 0))).toBe('');
    expect(printer.counts.printed).toBe(2);
  });

  it('BatchWriter grows its buffer and uses it again', () => {
    const printer = createPrinter('json', type);
    const batch = frame(Array.from({ length: 20_000 }, (_, index) => record(index)));
    const expected = Array.from({ length: 20_000 }, (_, index) => `{"n":${index}}\n`).join('');
    expect(textOf(printer.print(batch))).toBe(expected);
    const again = printer.print(batch);
    expect(textOf(again)).toBe(expected);
    expect(printer.print(frame([record(1)])).buffer).toBe(again.buffer);
  });

  it('BatchWriter survives any bytes and reads only the batch', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(20), (bytes, before) => {
        const printer = createPrinter('json', type);
        const around = new Uint8Array(before + bytes.length + 20).fill(0x31);
        around.set(bytes, before);
        const inside = textOf(printer.print({ bytes: around.subarray(before, before + bytes.length) }));
        expect(inside).toBe(textOf(createPrinter('json', type).print({ bytes })));
        expect(inside.split('\n')).toHaveLength(printer.counts.printed + 1);
      }),
    );
  });
});
