import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPrinter } from '../src/create-printer.js';
import type { RecordType } from '../src/record-type.js';
import { recordTextBound } from '../src/text-bound.js';
import { arbitraryRecord } from './arbitrary-record.js';
import { frame } from './frame.js';

function lineBytes(type: RecordType, bytes: Uint8Array): number {
  return createPrinter('json', type).print(frame([bytes])).length - 1;
}

it('recordTextBound() is at least the length of any record', () => {
  fc.assert(
    fc.property(arbitraryRecord, ({ type, bytes }) => {
      expect(lineBytes(type, bytes)).toBeLessThanOrEqual(recordTextBound(type));
    }),
  );
});

it('recordTextBound() has room for the longest text of a string', () => {
  const string = { kind: 'string', sizeBytes: 64 } as const;
  const type: RecordType = {
    name: 'event',
    sizeBytes: 64,
    fields: [{ name: 'comm', offsetBytes: 0, typeName: 'char[64]', type: string }],
  };
  const worst = new Uint8Array(64).fill(0x1b).fill(0xff, 63);
  expect(recordTextBound(type) - lineBytes(type, worst)).toBeLessThan(8);
  expect(lineBytes(type, worst)).toBeLessThanOrEqual(recordTextBound(type));
});
