import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrinter } from '../src/create-printer.js';
import type { PrinterOptions } from '../src/printer.js';
import type { PrinterKind } from '../src/printers/all.js';
import { type RecordType, recordType } from '../src/record-type.js';
import { BtfModel } from './btf-model.js';
import { frame, le, textOf } from './frame.js';

/** A struct with a number and then an array without a length. */
function endless(element: (btf: BtfModel) => number): RecordType {
  const btf = new BtfModel();
  return recordType(btf, btf.struct('event', { n: btf.int('int', 4, true), data: btf.array(element(btf), 0) }));
}

const TEXT = endless((btf) => btf.int('char', 1, true));
const SHORTS = endless((btf) => btf.int('u16', 2));

function printed(kind: PrinterKind, type: RecordType, rest: readonly number[], options: PrinterOptions = {}): string {
  const printer = createPrinter(kind, type, { timestamp: 'none', ...options });
  return textOf(printer.print(frame([Uint8Array.from([...le(4, 1), ...rest])])));
}

describe('a flexible array at the end of a record', () => {
  it.each<[string, RecordType, readonly number[], string]>([
    ['no bytes as nothing', SHORTS, [], '[]'],
    ['numbers as many as there are', SHORTS, [1, 0, 2, 1], '[1,258]'],
    ['no element that is cut off', SHORTS, [1, 0, 2], '[1]'],
    ['text up to its end', TEXT, [0x68, 0x69], '"hi"'],
    ['text up to a NUL', TEXT, [0x68, 0, 0x69], '"h"'],
    ['text that is not UTF-8 with its bytes', TEXT, [0x61, 0xff], '"a\ufffd","data_hex":"61ff"'],
    [
      'texts of one length',
      endless((btf) => btf.array(btf.int('char', 1, true), 2)),
      [0x61, 0, 0x62, 0x63],
      '["a","bc"]',
    ],
  ])('jsonPrinter() shows %s', (_what, type, rest, data) => {
    expect(printed('json', type, rest)).toBe(`{"n":1,"data":${data}}\n`);
  });

  it('tablePrinter() and csvPrinter() show it too', () => {
    expect(printed('table', TEXT, [0x68, 0x69])).toBe('          1 hi\n');
    expect(printed('table', SHORTS, [7, 0])).toBe('          1 [7]\n');
    expect(printed('csv', SHORTS, [7, 0, 8, 0])).toBe('1,"[7,8]"\n');
    expect(printed('csv', TEXT, [0x3d, 0x31])).toBe('1,"\'=1"\n');
  });

  it('a filter and an order see its text', () => {
    const filtered = (filter: string, text: string) => printed('csv', TEXT, [...Buffer.from(text)], { filter });
    expect(['data == "hi"', 'data =~ "^h"', 'data', 'data > "ha"'].map((filter) => filtered(filter, 'hi'))).toEqual(
      Array.from({ length: 4 }, () => '1,hi\n'),
    );
    expect(['data == "hi"', 'data =~ "^h"', 'data'].map((filter) => filtered(filter, ''))).toEqual(['', '', '']);
    const sorted = createPrinter('csv', TEXT, { sort: { field: 'data', descending: false } });
    sorted.print(frame(['b', 'ab', 'a'].map((text) => Uint8Array.from([...le(4, 1), ...Buffer.from(text)]))));
    expect(textOf(sorted.flush?.() ?? new Uint8Array(0))).toBe('1,a\n1,ab\n1,b\n');
  });

  it('an array without elements that is not the last field has none', () => {
    const btf = new BtfModel();
    const int = btf.int('int', 4, true);
    const type = recordType(btf, btf.struct('event', { data: btf.array(int, 0), n: int }));
    expect(printed('json', type, [1, 0, 0, 0])).toBe('{"data":[],"n":1}\n');
  });

  it('every printer has room for whatever it holds', () => {
    const rest = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(
        rest,
        fc.constantFrom<PrinterKind>('json', 'csv', 'table'),
        fc.constantFrom(TEXT, SHORTS),
        (bytes, kind, type) => {
          // Together they are more than the first buffer holds.
          const records = Array.from({ length: 100 }, () => Uint8Array.from([...le(4, 1), ...bytes]));
          const text = textOf(createPrinter(kind, type, { timestamp: 'none' }).print(frame(records)));
          expect(text.split('\n')).toHaveLength(101);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('createPrinter() refuses one whose elements become far longer text than they are', () => {
    const type = endless((btf) => btf.struct('s', { ['x'.repeat(100)]: btf.int('u8', 1) }));
    expect(() => createPrinter('json', type)).toThrow(expect.objectContaining({ code: 'EBPM_EVENT_TYPE_TOO_LARGE' }));
  });
});
