import { describe, expect, it } from 'vitest';
import { createPrinter } from '../src/create-printer.js';
import { customRecordType } from '../src/custom-record-type.js';
import { BtfModel } from './btf-model.js';
import { chars, frame, le, textOf } from './frame.js';

const btf = new BtfModel();
const int = btf.int('int', 4, true);
const text = btf.array(btf.int('char', 1, true), 4);
const point = btf.struct('point', { x: int, y: int });
const func = btf.reference('ptr', 0);

describe('customRecordType()', () => {
  it('customRecordType() reads the parts where they are, in the order of their places', () => {
    const type = customRecordType(btf, 'events', [
      { name: 'at', offsetBytes: 12, typeId: point },
      { name: 'pid', offsetBytes: 0, typeId: int },
      { name: 'comm', offsetBytes: 4, typeId: text },
    ]);
    const bytes = [...le(4, -5), ...chars(4, 'ab'), ...le(4, 99), ...le(4, 1), ...le(4, 2)];
    const printer = createPrinter('json', type);
    // The second record ends inside the last part.
    expect(textOf(printer.print(frame([Uint8Array.from(bytes), Uint8Array.from(bytes.slice(0, -1))])))).toBe(
      '{"pid":-5,"comm":"ab","at":{"x":1,"y":2}}\n',
    );
    expect(printer.counts).toMatchObject({ printed: 1, malformed: 1 });
  });

  it.each([
    ['parts that overlap', [part('a', 0, int), part('b', 3, int)], 'part "b" overlaps with the one before it'],
    ['two parts of one name', [part('a', 0, int), part('a', 4, int)], 'two parts are named "a"'],
    ['a type that is not there', [part('a', 0, 4_000_000)], 'number 4000000, which its object does not have'],
    ['void', [part('a', 0, 0)], 'number 0, which its object does not have'],
    ['no parts', [], 'no part of it is given'],
  ])('customRecordType() refuses %s', (_, members, reason) => {
    expect(() => customRecordType(btf, 'events', members)).toThrow(
      expect.objectContaining({ code: 'EBPM_EVENT_TYPE_INVALID', message: expect.stringContaining(reason) }),
    );
  });

  it('customRecordType() takes pointers, and refuses a place beyond every event', () => {
    expect(customRecordType(btf, 'events', [part('p', 8, func)]).sizeBytes).toBe(16);
    expect(() => customRecordType(btf, 'events', [part('p', 2 ** 40, func)])).toThrow(
      expect.objectContaining({ code: 'EBPM_EVENT_TYPE_TOO_LARGE' }),
    );
  });
});

function part(name: string, offsetBytes: number, typeId: number) {
  return { name, offsetBytes, typeId };
}
