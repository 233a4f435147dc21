import { EbpmError } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { RECORD_FIELD_LIMIT, RECORD_SIZE_LIMIT } from '../src/limits.js';
import { recordType } from '../src/record-type.js';
import { BtfModel } from './btf-model.js';

describe('recordType()', () => {
  it('recordType() describes a struct in the order of its members, with typedef names', () => {
    const btf = new BtfModel();
    const int = btf.int('int', 4, true);
    const pid = btf.reference('typedef', int, 'pid_t');
    const event = btf.struct('event', {
      pid: btf.reference('const', btf.reference('volatile', pid)),
      ts: btf.reference('typedef', btf.int('unsigned long long', 8), 'u64'),
      comm: btf.array(btf.int('char', 1, true), 16),
    });
    expect(recordType(btf, btf.reference('typedef', event, 'event_t'))).toEqual({
      name: 'event',
      sizeBytes: 32,
      fields: [
        { name: 'pid', offsetBytes: 0, typeName: 'pid_t', type: { kind: 'int', sizeBytes: 4, signed: true } },
        { name: 'ts', offsetBytes: 8, typeName: 'u64', type: { kind: 'int', sizeBytes: 8, signed: false } },
        { name: 'comm', offsetBytes: 16, typeName: 'char[16]', type: { kind: 'string', sizeBytes: 16 } },
      ],
    });
  });

  it('recordType() knows every kind of value', () => {
    const btf = new BtfModel();
    const char = btf.int('char', 1, true);
    const int = btf.int('int', 4, true);
    const id = btf.struct('all', {
      boolean: btf.int('_Bool', 1),
      letter: char,
      i128: btf.int('__int128', 16, true),
      f: btf.float('float', 4),
      d: btf.float('double', 8),
      p: btf.reference('ptr', 0),
      e: btf.enumeration('enum', 4, { A: 0n, B: 7n, ALSO_B: 7n }),
      e64: btf.enumeration('enum64', 8, { LOW: -(2n ** 63n) }, true),
      text: btf.array(btf.reference('typedef', char, 'letter_t'), 5),
      bytes: btf.array(btf.int('unsigned char', 1), 5),
      texts: btf.array(btf.array(char, 4), 2),
      inner: btf.struct('', { x: int }),
    });
    const types = Object.fromEntries(recordType(btf, id).fields.map((field) => [field.name, field.type]));
    expect(types).toEqual({
      boolean: { kind: 'bool', sizeBytes: 1 },
      letter: { kind: 'int', sizeBytes: 1, signed: true },
      i128: { kind: 'int', sizeBytes: 16, signed: true },
      f: { kind: 'float', sizeBytes: 4 },
      d: { kind: 'float', sizeBytes: 8 },
      p: { kind: 'pointer', sizeBytes: 8 },
      e: {
        kind: 'enum',
        sizeBytes: 4,
        signed: false,
        names: new Map([
          [0n, 'A'],
          [7n, 'B'],
        ]),
      },
      e64: { kind: 'enum', sizeBytes: 8, signed: true, names: new Map([[-(2n ** 63n), 'LOW']]) },
      text: { kind: 'string', sizeBytes: 5 },
      bytes: { kind: 'array', sizeBytes: 5, length: 5, element: { kind: 'int', sizeBytes: 1, signed: false } },
      texts: { kind: 'array', sizeBytes: 8, length: 2, element: { kind: 'string', sizeBytes: 4 } },
      inner: {
        kind: 'struct',
        sizeBytes: 4,
        fields: [{ name: 'x', offsetBytes: 0, typeName: 'int', type: { kind: 'int', sizeBytes: 4, signed: true } }],
      },
    });
  });

  it('recordType() places bitfields by byte and bit, and leaves unnamed padding out', () => {
    const btf = new BtfModel();
    const int = btf.int('int', 4, true);
    const id = btf.composite('struct', 'event', 8, [
      { name: 'low', typeId: int, offsetBits: 0, bitfieldBits: 3 },
      { name: '', typeId: int, offsetBits: 3, bitfieldBits: 10 },
      { name: 'wide', typeId: int, offsetBits: 13, bitfieldBits: 32 },
    ]);
    expect(recordType(btf, id).fields).toMatchObject([
      { name: 'low', offsetBytes: 0, type: { kind: 'bitfield', shiftBits: 0, bits: 3, sizeBytes: 1 } },
      { name: 'wide', offsetBytes: 1, type: { kind: 'bitfield', shiftBits: 5, bits: 32, sizeBytes: 5 } },
    ]);
  });

  it('recordType() puts the members of anonymous structs and unions among their neighbours', () => {
    const btf = new BtfModel();
    const int = btf.int('int', 4, true);
    const union = btf.composite('union', '', 4, [
      { name: 'a', typeId: int, offsetBits: 0, bitfieldBits: 0 },
      { name: 'b', typeId: int, offsetBits: 0, bitfieldBits: 0 },
    ]);
    const id = btf.struct('event', { first: int, '': union, last: int });
    expect(recordType(btf, id).fields.map(({ name, offsetBytes }) => [name, offsetBytes])).toEqual([
      ['first', 0],
      ['a', 4],
      ['b', 4],
      ['last', 8],
    ]);
  });

  it('recordType() takes an enum as signed when old compilers stored -1 in it', () => {
    const btf = new BtfModel();
    const id = btf.enumeration('enum', 1, { NONE: 0xffff_ffffn, SOME: 1n });
    expect(recordType(btf, id).fields[0]?.type).toEqual({
      kind: 'enum',
      sizeBytes: 1,
      signed: true,
      names: new Map([
        [-1n, 'NONE'],
        [1n, 'SOME'],
      ]),
    });
  });

  it('recordType() gives an enum of 64 bits no names when an old compiler cut its values', () => {
    const btf = new BtfModel();
    const type = { kind: 'enum', sizeBytes: 8, signed: false, names: new Map() };
    expect(recordType(btf, btf.enumeration('enum', 8, { SMALL: 1n, LARGE: 0n })).fields[0]?.type).toEqual(type);
    const names = new Map([[2n ** 40n, 'LARGE']]);
    expect(recordType(btf, btf.enumeration('enum64', 8, { LARGE: 2n ** 40n })).fields[0]?.type).toEqual({
      ...type,
      names,
    });
  });

  it('recordType() makes a scalar a record of one field that is named like it', () => {
    const btf = new BtfModel();
    const id = btf.reference('typedef', btf.int('unsigned int', 4), 'u32');
    const type = { kind: 'int', sizeBytes: 4, signed: false };
    expect(recordType(btf, id)).toEqual({
      name: 'u32',
      sizeBytes: 4,
      fields: [{ name: 'u32', offsetBytes: 0, typeName: 'u32', type }],
    });
  });
});

it('recordType() accepts many flags with long names in few bytes', () => {
  const btf = new BtfModel();
  const typeId = btf.int('unsigned long long', 8);
  const members = Array.from({ length: 64 }, (_, bit) => ({
    name: `a_flag_with_quite_a_long_name_${bit}`,
    typeId,
    offsetBits: bit,
    bitfieldBits: 1,
  }));
  expect(recordType(btf, btf.composite('struct', 'event', 8, members)).fields).toHaveLength(64);
});

interface Refusal {
  readonly what: string;
  readonly code: string;
  readonly message: string;
  readonly build: (btf: BtfModel) => number;
}

const REFUSALS: readonly Refusal[] = [
  {
    what: 'void',
    code: 'EBPM_EVENT_TYPE_UNSUPPORTED',
    message: 'Cannot print event type "void": values of type "void" cannot be decoded',
    build: () => 0,
  },
  {
    what: 'a long double',
    code: 'EBPM_EVENT_TYPE_UNSUPPORTED',
    message: 'Cannot print field "inner.wide" of event type "event": values of type "long double" cannot be decoded',
    build: (btf) => btf.struct('event', { inner: btf.struct('', { wide: btf.float('long double', 16) }) }),
  },
  {
    what: 'a struct that is only declared',
    code: 'EBPM_EVENT_TYPE_UNSUPPORTED',
    message: 'Cannot print field "task" of event type "event": values of type "struct task_struct" cannot be decoded',
    build: (btf) => {
      const typeId = btf.add({ kind: 'fwd', name: 'task_struct', union: false });
      return btf.composite('struct', 'event', 8, [{ name: 'task', typeId, offsetBits: 0, bitfieldBits: 0 }]);
    },
  },
  {
    what: 'an integer of 3 bytes',
    code: 'EBPM_EVENT_TYPE_UNSUPPORTED',
    message: 'Cannot print event type "odd": values of type "odd" cannot be decoded',
    build: (btf) => btf.int('odd', 3),
  },
  {
    what: 'a struct without fields',
    code: 'EBPM_EVENT_TYPE_UNSUPPORTED',
    message: 'Cannot print event type "empty": it has no fields',
    build: (btf) => btf.struct('empty', {}),
  },
  {
    what: 'a member beyond its struct',
    code: 'EBPM_EVENT_TYPE_INVALID',
    message: 'Cannot read field "x" of event type "event": it reaches beyond the end of its struct',
    build: (btf) => {
      const typeId = btf.int('int', 4);
      return btf.composite('struct', 'event', 4, [{ name: 'x', typeId, offsetBits: 8, bitfieldBits: 0 }]);
    },
  },
  {
    what: 'two fields of one name',
    code: 'EBPM_EVENT_TYPE_INVALID',
    message: 'Cannot read field "x" of event type "event": another field has the same name',
    build: (btf) => {
      const member = { name: 'x', typeId: btf.int('int', 4), offsetBits: 0, bitfieldBits: 0 };
      return btf.composite('struct', 'event', 4, [member, member]);
    },
  },
  {
    what: 'a bitfield of floats',
    code: 'EBPM_EVENT_TYPE_UNSUPPORTED',
    message: 'Cannot print field "x" of event type "event": bits that are no integer, bool or enum cannot be decoded',
    build: (btf) => {
      const typeId = btf.float('float', 4);
      return btf.composite('struct', 'event', 4, [{ name: 'x', typeId, offsetBits: 0, bitfieldBits: 3 }]);
    },
  },
  {
    what: 'too many bytes',
    code: 'EBPM_EVENT_TYPE_TOO_LARGE',
    message: `Cannot print event type "event": it has ${RECORD_SIZE_LIMIT + 1} bytes, the limit is ${RECORD_SIZE_LIMIT}`,
    build: (btf) => btf.struct('event', { data: btf.array(btf.int('char', 1), RECORD_SIZE_LIMIT + 1) }),
  },
  {
    what: 'too many fields',
    code: 'EBPM_EVENT_TYPE_TOO_LARGE',
    message: `Cannot print event type "event": it has more than ${RECORD_FIELD_LIMIT} fields`,
    build: (btf) => {
      const inner = btf.struct(
        '',
        Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`f${index}`, btf.int('int', 4)])),
      );
      return btf.struct('event', { a: inner, b: inner });
    },
  },
  {
    what: 'unions that multiply their text',
    code: 'EBPM_EVENT_TYPE_TOO_LARGE',
    message: 'Cannot print event type "event": its text can have more than 4210688 bytes',
    build: (btf) => {
      const typeId = btf.array(btf.int('char', 1), 65_536);
      const members = Array.from({ length: 9 }, (_, index) => ({
        name: `m${index}`,
        typeId,
        offsetBits: 0,
        bitfieldBits: 0,
      }));
      return btf.composite('union', 'event', 65_536, members);
    },
  },
  {
    what: 'countless elements without size',
    code: 'EBPM_EVENT_TYPE_TOO_LARGE',
    message: 'Cannot print event type "event": its text can have more than 16640 bytes',
    build: (btf) => btf.struct('event', { x: btf.int('int', 4), none: btf.array(btf.struct('', {}), 4_000_000_000) }),
  },
];

describe('recordType() refuses', () => {
  it.each(REFUSALS)('recordType() refuses $what', ({ build, code, message }) => {
    const btf = new BtfModel();
    const id = build(btf);
    expect(() => recordType(btf, id)).toThrow(expect.objectContaining({ code, message }));
    expect(() => recordType(btf, id)).toThrow(EbpmError);
  });
});
