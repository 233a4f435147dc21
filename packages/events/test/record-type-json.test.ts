import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrinter } from '../src/create-printer.js';
import type { RecordType } from '../src/record-type.js';
import { recordTypeFromJson, recordTypeToJson } from '../src/record-type-json.js';
import { arbitraryRecord } from './arbitrary-record.js';
import { frame } from './frame.js';

const U32 = { kind: 'int', sizeBytes: 4, signed: false } as const;
const TYPE: RecordType = {
  name: 'event',
  sizeBytes: 8,
  fields: [
    { name: 'pid', offsetBytes: 0, typeName: 'pid_t', type: U32 },
    { name: 'all', offsetBytes: 4, typeName: 'u8[4]', type: { kind: 'string', sizeBytes: 4 } },
  ],
};

describe('recordTypeFromJson()', () => {
  it('recordTypeFromJson() gives back what recordTypeToJson() was given', () => {
    fc.assert(
      fc.property(arbitraryRecord, ({ type }) => {
        expect(recordTypeFromJson(JSON.parse(JSON.stringify(recordTypeToJson(type))))).toEqual(type);
      }),
      { numRuns: 200 },
    );
  });

  it.each<[string, unknown]>([
    ['no object', 7],
    ['no fields', { ...TYPE, fields: [] }],
    ['fields that are no list', { ...TYPE, fields: 'pid' }],
    ['a field beyond its end', { ...TYPE, sizeBytes: 7 }],
    ['a field at a negative place', withField({ offsetBytes: -1 })],
    ['a field at no whole number', withField({ offsetBytes: 0.5 })],
    ['two fields of one name', withField({ name: 'all' })],
    ['a name that is none', withField({ name: 3 })],
    ['an unknown kind', withField({ type: { kind: 'float128', sizeBytes: 4 } })],
    ['an integer of three bytes', withField({ type: { ...U32, sizeBytes: 3 } })],
    ['an integer without a sign', withField({ type: { kind: 'int', sizeBytes: 4 } })],
    [
      'an array that is larger than its elements',
      withField({ type: { kind: 'array', sizeBytes: 4, length: 3, element: { ...U32, sizeBytes: 1 } } }),
    ],
    [
      'more bits than there are',
      withField({ type: { kind: 'bitfield', sizeBytes: 1, shiftBits: 0, bits: 33, of: U32 } }),
    ],
    [
      'bits of text',
      withField({
        type: { kind: 'bitfield', sizeBytes: 1, shiftBits: 0, bits: 1, of: { kind: 'string', sizeBytes: 4 } },
      }),
    ],
    [
      'an enum value that is no number',
      withField({ type: { kind: 'enum', sizeBytes: 4, signed: false, names: [['x', 'X']] } }),
    ],
    [
      'a struct that is smaller than its fields',
      withField({ type: { kind: 'struct', sizeBytes: 3, fields: [TYPE.fields[0]] } }),
    ],
  ])('recordTypeFromJson() refuses %s', (_, json) => {
    expect(() => recordTypeFromJson(json)).toThrow(expect.objectContaining({ code: 'EBPM_EVENT_TYPE_INVALID' }));
  });

  it('recordTypeFromJson() refuses what is nested too deeply, and what is too large', () => {
    let deep: unknown = U32;
    for (let depth = 0; depth < 100; depth++) deep = { kind: 'array', sizeBytes: 4, length: 1, element: deep };
    expect(() => recordTypeFromJson(withField({ type: deep }))).toThrow('nested too deeply');
    const large = { name: 'event', sizeBytes: 2 ** 21, fields: TYPE.fields };
    expect(() => recordTypeFromJson(large)).toThrow(expect.objectContaining({ code: 'EBPM_EVENT_TYPE_TOO_LARGE' }));
    const many = Array.from({ length: 2000 }, (_, index) => ({ ...TYPE.fields[0], name: `f${index}` }));
    expect(() => recordTypeFromJson({ ...TYPE, fields: many })).toThrow('more than 1024 fields');
  });

  it('recordTypeFromJson() refuses changed JSON, or gives a type that printers can take', () => {
    const change = fc.tuple(fc.nat(), fc.constantFrom('-1', '0', '1e9', '"x"', 'null', '[]', '{}', '3', 'true'));
    fc.assert(
      fc.property(arbitraryRecord, change, ({ type, bytes }, [at, value]) => {
        const text = JSON.stringify(recordTypeToJson(type));
        const places = [...text.matchAll(/(?<=[:[,])(-?\d+|true|false|"[a-z0-9]*")(?=[,}\]])/g)];
        const place = places[at % places.length];
        if (place === undefined) return;
        const changed = text.slice(0, place.index) + value + text.slice(place.index + place[0].length);
        let read: RecordType;
        try {
          read = recordTypeFromJson(JSON.parse(changed));
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^EBPM_EVENT_TYPE_/) });
          return;
        }
        for (const kind of ['json', 'table'] as const) createPrinter(kind, read).print(frame([bytes]));
      }),
      { numRuns: 300 },
    );
  });
});

/** `TYPE` with its first field changed. */
function withField(change: Readonly<Record<string, unknown>>): unknown {
  return { ...TYPE, fields: [{ ...TYPE.fields[0], ...change }, TYPE.fields[1]] };
}
