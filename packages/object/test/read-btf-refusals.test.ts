import { describe, expect, test } from 'vitest';
import { readBtf } from '../src/read-btf.js';
import { BtfBuilder } from './btf-builder.js';
import { expectRefused } from './refused.js';

const INVALID = 'EBPM_BTF_INVALID';
const UNSUPPORTED = 'EBPM_BTF_UNSUPPORTED';
const TOO_LARGE = 'EBPM_BTF_TOO_LARGE';

describe('readBtf() refuses a header', () => {
  /** One int, the string section "\0int\0". */
  const patched = (patch: (view: DataView, bytes: Uint8Array) => void): Uint8Array => {
    const builder = new BtfBuilder();
    builder.int();
    const bytes = builder.bytes();
    patch(new DataView(bytes.buffer), bytes);
    return bytes;
  };

  test.each<[what: string, bytes: Uint8Array, code: string, text: string]>([
    ['that is not there', new Uint8Array(), INVALID, '0 bytes'],
    ['that is cut', patched(() => {}).subarray(0, 23), INVALID, '23 bytes'],
    ['of something else', patched((v) => v.setUint16(0, 0x457f, true)), INVALID, 'starts with 0x457f'],
    ['that is big-endian', patched((v) => v.setUint16(0, 0xeb9f, false)), UNSUPPORTED, 'big-endian'],
    ['of another version', patched((v) => v.setUint8(2, 2)), UNSUPPORTED, 'version 2'],
    ['with flags', patched((v) => v.setUint8(3, 1)), UNSUPPORTED, 'flags 1'],
    ['that is too short', patched((v) => v.setUint32(4, 20, true)), INVALID, 'header of BTF has 20 bytes'],
    ['that is not aligned', patched((v) => v.setUint32(4, 26, true)), INVALID, 'header of BTF has 26 bytes'],
    ['that is longer than the blob', patched((v) => v.setUint32(4, 1000, true)), INVALID, 'has 1000 bytes'],
    ['whose types are outside', patched((v) => v.setUint32(12, 1000, true)), INVALID, 'its types have 1000 bytes'],
    ['whose types wrap around', patched((v) => v.setUint32(8, 0xfffffffc, true)), INVALID, 'at byte 4294967292'],
    ['whose types are not aligned', patched((v) => v.setUint32(8, 2, true)), INVALID, 'not aligned'],
    ['whose strings are outside', patched((v) => v.setUint32(20, 1000, true)), INVALID, 'its strings have 1000 bytes'],
    ['whose strings lie in the types', patched((v) => v.setUint32(16, 8, true)), INVALID, 'do not follow its types'],
    ['without strings', patched((v) => v.setUint32(20, 0, true)), INVALID, 'start and end with NUL'],
    ['whose strings do not start', patched((_, b) => b.fill(65, 40, 41)), INVALID, 'start and end with NUL'],
    ['whose strings do not end', patched((_, b) => b.fill(65, -1)), INVALID, 'start and end with NUL'],
    ['whose types end in a type', patched((v) => v.setUint32(12, 12, true)), INVALID, 'type section ends'],
    ['whose types are no words', patched((v) => v.setUint32(12, 15, true)), INVALID, 'type section ends'],
    ['of too many bytes', new Uint8Array(64 * 1024 * 1024 + 1), TOO_LARGE, '67108865 bytes'],
  ])('readBtf() refuses a header %s', (_what, bytes, code, text) => {
    expectRefused(() => readBtf(bytes), code, text);
  });

  test('readBtf() refuses more strings and types than the kernel takes', () => {
    const strings = new Uint8Array(24 + 0x0100_0001);
    strings.set(new BtfBuilder().bytes());
    new DataView(strings.buffer).setUint32(20, 0x0100_0001, true);
    expectRefused(() => readBtf(strings), TOO_LARGE, '16777217 bytes');

    const types = new Uint8Array(24 + 12 * 0x10_0000 + 1);
    const view = new DataView(types.buffer);
    types.set(new BtfBuilder().bytes());
    view.setUint32(12, 12 * 0x10_0000, true);
    view.setUint32(16, 12 * 0x10_0000, true);
    for (let at = 24; at + 12 <= types.length; at += 12) view.setUint32(at + 4, 0x0200_0000, true);
    expectRefused(() => readBtf(types), TOO_LARGE, 'more than 1048575 types');
  });
});

describe('readBtf() refuses a type', () => {
  test.each<[what: string, build: (b: BtfBuilder) => void, code: string, text: string]>([
    ['of kind 0', (b) => b.type('void'), INVALID, 'kind is 0'],
    ['of an unknown kind', (b) => b.type(20), UNSUPPORTED, 'kind is 20'],
    ['with reserved bits', (b) => b.type(2 + 0x40), INVALID, 'flags 0x42000000'],
    ['with parts its kind does not have', (b) => b.type('ptr', { vlen: 1 }), INVALID, 'flags 0x2000001'],
    ['with a flag its kind does not have', (b) => b.type('ptr', { flag: true }), INVALID, 'flags 0x82000000'],

    ['with a name outside', (b) => b.type('struct', { name: 999 }), INVALID, 'the name at 999'],
    ['pointer with a name', (b) => b.type('ptr', { name: 'p' }), INVALID, 'wanted none'],
    ['struct with a name of spaces', (b) => b.type('struct', { name: 'a b' }), INVALID, 'wanted an identifier'],
    ['struct whose name starts with a digit', (b) => b.type('struct', { name: '1a' }), INVALID, 'an identifier'],
    ['struct with a name of 513 bytes', (b) => b.type('struct', { name: 'a'.repeat(513) }), INVALID, 'an identifier'],
    ['typedef without name', (b) => b.type('typedef'), INVALID, 'it has no name'],
    ['section with a name of two lines', (b) => b.type('datasec', { name: 'a\nb' }), INVALID, 'printable ASCII'],
    ['type tag without text', (b) => b.type('typeTag'), INVALID, 'it has no name'],
    ['type tag that is not UTF-8', (b) => b.type('typeTag', { name: '\xff' }), INVALID, 'no valid string at 1'],
    ['type tag outside', (b) => b.type('typeTag', { name: 999 }), INVALID, 'no valid string at 999'],

    ['int of 3 bytes', (b) => b.int('x', 3, 24), INVALID, 'its size is 3'],
    ['int of too many bits', (b) => b.int('x', 1, 9), INVALID, '1 bytes has 9 bits'],
    ['int that starts too late', (b) => b.int('x', 1, 0x0001_0008), INVALID, '1 bytes has 9 bits'],
    ['int of two encodings', (b) => b.int('x', 4, 0x0300_0020), INVALID, 'encoding is 0x3000020'],
    ['int with unused bits', (b) => b.int('x', 4, 0x0000_0120), INVALID, 'encoding is 0x120'],
    ['float of 3 bytes', (b) => b.type('float', { name: 'f', third: 3 }), INVALID, 'its size is 3'],

    ['pointer to nowhere', (b) => b.type('ptr', { third: 2 }), INVALID, 'refers to type 2, there are 2'],
    ['pointer to a variable', (b) => [variable(b), b.type('ptr', { third: 2 })], INVALID, 'no type of values'],
    ['typedef of itself', (b) => b.type('typedef', { name: 't', third: 1 }), INVALID, 'contains itself'],
    [
      'ring of qualifiers',
      (b) => [b.type('const', { third: 2 }), b.type('volatile', { third: 1 })],
      TOO_LARGE,
      'itself',
    ],
    ['pointer to itself', (b) => b.type('ptr', { third: 1 }), TOO_LARGE, 'refers to itself'],
    ['function that returns itself', (b) => b.type('funcProto', { third: 1 }), TOO_LARGE, 'refers to itself'],
    ['declaration that is too deep', (b) => pointers(b, 64), TOO_LARGE, 'more than 64 deep'],
    ['struct that is too deep', (b) => structs(b, 64), TOO_LARGE, 'more than 64 deep'],

    ['array of void', (b) => [b.int(), array(b, 0, 1)], INVALID, 'its element is void'],
    ['array indexed by void', (b) => [b.int(), array(b, 1, 0)], INVALID, 'its index is void'],
    [
      'array of a declared struct',
      (b) => [b.int(), b.type('fwd', { name: 's' }), array(b, 2, 1)],
      INVALID,
      'has no size',
    ],
    ['array indexed by a pointer', (b) => [b.int(), b.type('ptr'), array(b, 1, 2)], INVALID, 'is no integer'],
    ['array of itself', (b) => [b.int(), array(b, 2, 1)], TOO_LARGE, 'refers to itself'],
    ['array of 4 GiB', (b) => [b.int(), array(b, 1, 1, 0x4000_0000)], INVALID, 'an array has 4294967296 bytes'],
    ['array with a size', (b) => b.type('array', { third: 4, extra: [1, 1, 1] }), INVALID, 'its size is 4'],

    ['struct with a member of void', (b) => struct(b, 4, [0, 0]), INVALID, 'a member is void'],
    ['struct with a member of no type', (b) => struct(b, 4, [9, 0]), INVALID, 'a member refers to type 9'],
    ['struct with a bad member name', (b) => structNamed(b, 'a-b'), INVALID, 'a member has the name at'],
    ['struct with a function in it', (b) => [b.type('funcProto'), struct(b, 8, [1, 0])], INVALID, 'which has no size'],
    ['struct that holds itself', (b) => struct(b, 8, [1, 0]), INVALID, 'contains itself'],
    [
      'struct that a struct in it holds',
      (b) => [struct(b, 8, [2, 0]), struct(b, 8, [1, 0])],
      INVALID,
      'contains itself',
    ],
    ['struct shorter than its member', (b) => [b.int(), struct(b, 3, [1, 0])], INVALID, 'ends at bit 32 of 24'],
    ['struct with a member beyond it', (b) => [b.int(), struct(b, 4, [1, 8])], INVALID, 'ends at bit 40 of 32'],
    ['struct in disorder', (b) => [b.int(), struct(b, 8, [1, 32], [1, 0])], INVALID, 'at bit 0, after one at bit 32'],
    ['struct between two bytes', (b) => [b.int(), struct(b, 8, [1, 3])], INVALID, 'no bitfield is at bit 3'],
    ['bitfield wider than its type', (b) => [b.int(), bitfield(b, 8, 1, 33)], INVALID, 'a bitfield of 33 bits'],
    ['bitfield of a pointer', (b) => [b.type('ptr'), bitfield(b, 8, 1, 3)], INVALID, 'a bitfield of 3 bits'],
    ['bitfield beyond its struct', (b) => [b.int(), bitfield(b, 1, 1, 9)], INVALID, 'ends at bit 9 of 8'],
    [
      'union with an offset',
      (b) => [b.int(), struct(b, 8, [1, 32]), union(b, 8, [1, 32])],
      INVALID,
      'at bit 32, after',
    ],

    ['enum of 3 bytes', (b) => b.type('enum', { third: 3 }), INVALID, 'its size is 3'],
    [
      'enum with a nameless value',
      (b) => b.type('enum', { third: 4, vlen: 1, extra: [0, 0] }),
      INVALID,
      'value has no name',
    ],
    ['enum64 of 16 bytes', (b) => b.type('enum64', { third: 16 }), INVALID, 'its size is 16'],
    ['declaration that refers', (b) => b.type('fwd', { name: 'f', third: 1 }), INVALID, 'its size is 1'],
    [
      'function of no prototype',
      (b) => [b.int(), b.type('func', { name: 'f', third: 1 })],
      INVALID,
      'no function prototype',
    ],
    ['function of linkage 3', (b) => [b.type('funcProto'), func(b, 3)], INVALID, 'its linkage is 3'],
    ['function of linkage 4', (b) => [b.type('funcProto'), func(b, 4)], INVALID, 'flags 0xc000004'],
    ['parameter of void', (b) => params(b, [0, 0], [0, 0]), INVALID, 'a parameter is void'],
    ['last parameter of void with a name', (b) => params(b, [b.name('x'), 0]), INVALID, 'a parameter is void'],
    ['parameter of no type', (b) => params(b, [0, 7]), INVALID, 'a parameter refers to type 7'],
    ['parameter with a bad name', (b) => params(b, [b.name('a b'), 0]), INVALID, 'a parameter has the name'],
    ['result of no type', (b) => b.type('funcProto', { third: 5 }), INVALID, 'its result refers to type 5'],
    ['variable of void', (b) => b.type('var', { name: 'v', extra: [0] }), INVALID, 'it is void'],
    [
      'variable of linkage 3',
      (b) => [b.int(), b.type('var', { name: 'v', third: 1, extra: [3] })],
      INVALID,
      'linkage is 3',
    ],

    ['section of ints', (b) => [b.int(), section(b, 4, [1, 0, 4])], INVALID, 'contains type 1'],
    ['section in disorder', (b) => [variable(b), section(b, 8, [2, 4, 4], [2, 0, 4])], INVALID, 'overlap at byte 0'],
    ['section that overlaps', (b) => [variable(b), section(b, 8, [2, 0, 4], [2, 2, 4])], INVALID, 'overlap at byte 2'],
    [
      'section that is too short',
      (b) => [variable(b), section(b, 6, [2, 4, 4])],
      INVALID,
      'ends at byte 8 of a section of 6',
    ],

    ['tag on an int', (b) => [b.int(), tag(b, 1, -1)], INVALID, 'a tag is on type 1'],
    ['tag on part -2', (b) => [variable(b), tag(b, 2, -2)], INVALID, 'part -2 of type 2'],
    ['tag on a part of a variable', (b) => [variable(b), tag(b, 2, 0)], INVALID, 'part 0 of type 2, which has 0'],
    ['tag on a missing member', (b) => [struct(b, 0), tag(b, 1, 0)], INVALID, 'part 0 of type 1, which has 0'],
    ['tag on a missing parameter', (b) => [b.type('funcProto'), func(b, 1), tag(b, 2, 0)], INVALID, 'which has 0'],
  ])('readBtf() refuses a type: %s', (_what, build, code, text) => {
    const builder = new BtfBuilder();
    build(builder);
    expectRefused(() => readBtf(builder.bytes()), code, text);
  });

  test('readBtf() accepts types that are just not too deep', () => {
    const builder = new BtfBuilder();
    pointers(builder, 63);
    structs(builder, 63);
    expect(readBtf(builder.bytes()).count).toBe(129);
  });

  test('readBtf() refuses deep types in whatever order they come', () => {
    const builder = new BtfBuilder();
    builder.int();
    for (let id = 2; id < 70; id++) builder.type('typedef', { name: 't', third: id + 1 });
    builder.int();
    expectRefused(() => readBtf(builder.bytes()), TOO_LARGE, 'deep');
  });
});

function variable(b: BtfBuilder): number {
  return b.type('var', { name: 'v', third: b.int(), extra: [1] });
}

function array(b: BtfBuilder, element: number, index: number, length = 1): number {
  return b.type('array', { extra: [element, index, length] });
}

function struct(b: BtfBuilder, sizeBytes: number, ...members: [type: number, offset: number][]): number {
  const extra = members.flatMap(([type, offset]) => [0, type, offset]);
  return b.type('struct', { third: sizeBytes, vlen: members.length, extra });
}

function structNamed(b: BtfBuilder, name: string): number {
  return b.type('struct', { third: 4, vlen: 1, extra: [b.name(name), b.int(), 0] });
}

function union(b: BtfBuilder, sizeBytes: number, member: [type: number, offset: number]): number {
  return b.type('union', { third: sizeBytes, vlen: 1, extra: [0, ...member] });
}

function bitfield(b: BtfBuilder, sizeBytes: number, type: number, bits: number): number {
  return b.type('struct', { third: sizeBytes, flag: true, vlen: 1, extra: [0, type, bits * 0x100_0000] });
}

function func(b: BtfBuilder, linkage: number): number {
  return b.type('func', { name: 'f', third: 1, vlen: linkage });
}

function params(b: BtfBuilder, ...list: [name: number, type: number][]): number {
  return b.type('funcProto', { vlen: list.length, extra: list.flat() });
}

function section(
  b: BtfBuilder,
  sizeBytes: number,
  ...variables: [type: number, offset: number, size: number][]
): number {
  return b.type('datasec', { name: '.data', third: sizeBytes, vlen: variables.length, extra: variables.flat() });
}

function tag(b: BtfBuilder, type: number, part: number): number {
  return b.type('declTag', { name: 'tag', third: type, extra: [part >>> 0] });
}

/** Pointers to pointers. */
function pointers(b: BtfBuilder, count: number): void {
  let last = b.int();
  for (let depth = 0; depth < count; depth++) last = b.type('ptr', { third: last });
}

/** Structs in structs. */
function structs(b: BtfBuilder, count: number): void {
  let last = b.int();
  for (let depth = 0; depth < count; depth++) last = struct(b, 4, [last, 0]);
}
