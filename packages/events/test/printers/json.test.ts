import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrinter } from '../../src/create-printer.js';
import { type RecordType, recordType } from '../../src/record-type.js';
import { arbitraryRecord } from '../arbitrary-record.js';
import { BtfModel } from '../btf-model.js';
import { chars, frame, le, textOf } from '../frame.js';
import { plainJson } from '../plain-json.js';

function line(type: RecordType, bytes: readonly number[] | Uint8Array): string {
  const printer = createPrinter('json', type);
  expect(printer.header()).toBeUndefined();
  const text = textOf(printer.print(frame([Uint8Array.from(bytes)])));
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1);
}

/** The line of a struct with one member `x` of the type. */
function lineOf(build: (btf: BtfModel) => number, bytes: readonly number[]): string {
  const btf = new BtfModel();
  return line(recordType(btf, btf.struct('event', { x: build(btf) })), bytes);
}

describe('jsonPrinter()', () => {
  it('jsonPrinter() prints what eunomia-bpf printed for its opensnoop event', () => {
    const btf = new BtfModel();
    const char = btf.int('char', 1, true);
    const int = btf.int('int', 4, true);
    const id = btf.struct('event', {
      ts: btf.int('unsigned long long', 8),
      pid: int,
      uid: int,
      ret: int,
      flags: int,
      comm: btf.array(char, 16),
      fname: btf.array(char, 255),
    });
    const bytes = [
      ...le(8, 1000),
      ...le(4, 20),
      ...le(4, 1000),
      ...le(4, 1),
      ...le(4, 777),
      ...chars(16, 'hello'),
      ...chars(256, '/test/hello/opensnoop'),
    ];
    expect(line(recordType(btf, id), bytes)).toBe(
      '{"ts":1000,"pid":20,"uid":1000,"ret":1,"flags":777,"comm":"hello","fname":"/test/hello/opensnoop"}',
    );
  });

  it.each([
    ['u8', 1, false, 255n, '255'],
    ['s8', 1, true, -128n, '-128'],
    ['u16', 2, false, 65535n, '65535'],
    ['s16', 2, true, -32768n, '-32768'],
    ['u32', 4, false, 2n ** 32n - 1n, '4294967295'],
    ['s32', 4, true, -(2n ** 31n), '-2147483648'],
    ['u64', 8, false, 2n ** 64n - 1n, '18446744073709551615'],
    ['s64', 8, true, -(2n ** 63n), '-9223372036854775808'],
    ['s64', 8, true, 2n ** 63n - 1n, '9223372036854775807'],
    ['u128', 16, false, 2n ** 128n - 1n, '"340282366920938463463374607431768211455"'],
    ['s128', 16, true, -(2n ** 127n), '"-170141183460469231731687303715884105728"'],
    ['_Bool', 1, false, 1n, 'true'],
    ['_Bool', 1, false, 0n, 'false'],
    ['char', 1, true, 65n, '65'],
  ])('jsonPrinter() prints a %s of %i bytes (signed: %s) with the value %s', (name, size, signed, value, expected) => {
    expect(lineOf((btf) => btf.int(name, size, signed), le(size, value))).toBe(`{"x":${expected}}`);
  });

  it.each([
    [4, 1.23, '1.2300000190734863'],
    [8, 4.56, '4.56'],
    [8, -0, '-0'],
    [8, 5e-324, '5e-324'],
    [8, Number.NaN, 'null'],
    [4, Number.NEGATIVE_INFINITY, 'null'],
  ])('jsonPrinter() prints a float of %i bytes with the value %d', (size, value, expected) => {
    const view = new DataView(new ArrayBuffer(size));
    if (size === 4) view.setFloat32(0, value, true);
    else view.setFloat64(0, value, true);
    expect(lineOf((btf) => btf.float('f', size), [...new Uint8Array(view.buffer)])).toBe(`{"x":${expected}}`);
  });

  it.each([
    [4, false, 0n, '"E_A(0)"'],
    [4, false, 2n, '"E_B(2)"'],
    [4, false, 9n, '"<UNKNOWN_VARIANT>(9)"'],
    [8, true, -(2n ** 63n), '"<UNKNOWN_VARIANT>(-9223372036854775808)"'],
    [8, true, 2n, '"E_B(2)"'],
    [1, true, -1n, '"<UNKNOWN_VARIANT>(-1)"'],
  ])('jsonPrinter() prints an enum of %i bytes (signed: %s) with the value %s', (size, signed, value, expected) => {
    const kind = size === 8 ? 'enum64' : 'enum';
    expect(lineOf((btf) => btf.enumeration(kind, size, { E_A: 0n, E_B: 2n }, signed), le(size, value))).toBe(
      `{"x":${expected}}`,
    );
  });

  it('jsonPrinter() prints pointers as numbers', () => {
    expect(lineOf((btf) => btf.reference('ptr', 0), le(8, 0xffff_8880_0000_1000n))).toBe('{"x":18446612682070036480}');
  });

  it('jsonPrinter() prints nested arrays, strings, structs and unions', () => {
    const btf = new BtfModel();
    const char = btf.int('char', 1, true);
    const short = btf.int('short', 2, true);
    const id = btf.struct('event', {
      grid: btf.array(btf.array(short, 2), 2),
      names: btf.array(btf.array(char, 4), 2),
      points: btf.array(btf.struct('point', { x: char, tag: btf.array(char, 3) }), 2),
      none: btf.array(short, 0),
      u: btf.composite('union', '', 2, [
        { name: 'word', typeId: short, offsetBits: 0, bitfieldBits: 0 },
        { name: 'byte', typeId: char, offsetBits: 0, bitfieldBits: 0 },
      ]),
    });
    const bytes = [
      ...[1, -2, 3, -4].flatMap((value) => le(2, value)),
      ...chars(4, 'full'),
      ...chars(4, 'a'),
      ...[1, ...chars(3, 'p'), -1 & 0xff, ...chars(3, '')],
      ...le(2, 0x0102),
    ];
    expect(line(recordType(btf, id), bytes)).toBe(
      '{"grid":[[1,-2],[3,-4]],"names":["full","a"],"points":[{"x":1,"tag":"p"},{"x":-1,"tag":""}],"none":[],"u":{"word":258,"byte":2}}',
    );
  });

  it('jsonPrinter() prints bitfields', () => {
    const btf = new BtfModel();
    const int = btf.int('int', 4, true);
    const member = (name: string, typeId: number, offsetBits: number, bitfieldBits: number) => ({
      name,
      typeId,
      offsetBits,
      bitfieldBits,
    });
    const id = btf.composite('struct', 'event', 16, [
      member('a', int, 0, 3),
      member('b', btf.int('unsigned int', 4), 3, 5),
      member('flag', btf.int('_Bool', 1), 8, 1),
      member('mode', btf.enumeration('enum', 4, { OFF: 0n, ON: 3n }), 9, 2),
      member('wide', btf.int('unsigned long long', 8), 11, 64),
    ]);
    const bits = 0b101n | (0b11111n << 3n) | (1n << 8n) | (3n << 9n) | ((2n ** 64n - 2n) << 11n);
    expect(line(recordType(btf, id), le(16, bits))).toBe(
      '{"a":-3,"b":31,"flag":true,"mode":"ON(3)","wide":18446744073709551614}',
    );
  });

  it('jsonPrinter() prints a scalar under the name of its type', () => {
    const btf = new BtfModel();
    const id = btf.reference('typedef', btf.int('unsigned int', 4), 'u32');
    expect(line(recordType(btf, id), le(4, 0x1234_5678))).toBe('{"u32":305419896}');
  });

  it.each([
    ['a title sequence', [0x1b, 0x5d, 0x30, 0x3b, 0x78, 0x07, 0x0a], '"\\u001b]0;x\\u0007\\n"'],
    ['quotes and backslashes', [0x22, 0x5c, 0x2f], '"\\"\\\\/"'],
    ['UTF-8', [0xc3, 0xb6, 0xf0, 0x9f, 0x99, 0x82], '"ö🙂"'],
    ['bidi controls and DEL', [0xe2, 0x80, 0xae, 0x7f], '"\\u202e\\u007f"'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], '"\\ufeffa"'],
    ['no NUL at the end', [0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68], '"abcdefgh"'],
    ['what stands after the NUL', [0x61, 0, 0xff], '"a"'],
    ['invalid UTF-8', [0x61, 0xff, 0x1b], '"a\ufffd\\u001b","x_hex":"61ff1b"'],
  ])('jsonPrinter() prints a string with %s', (_, bytes, expected) => {
    const padded = [...bytes, ...new Array<number>(8 - bytes.length).fill(0)];
    expect(lineOf((btf) => btf.array(btf.int('char', 1, true), 8), padded)).toBe(`{"x":${expected}}`);
  });

  it('jsonPrinter() adds the hex of all strings of an array, in its shape, under a name that is free', () => {
    const btf = new BtfModel();
    const char = btf.int('char', 1, true);
    const id = btf.struct('event', { s: btf.array(btf.array(char, 2), 2), s_hex: char });
    expect(line(recordType(btf, id), [0x61, 0, 0xff, 0xfe, 7])).toBe(
      '{"s":["a","\ufffd\ufffd"],"s_hex_":["61","fffe"],"s_hex":7}',
    );
  });

  it('jsonPrinter() escapes field and enum names', () => {
    const btf = new BtfModel();
    const id = btf.struct('event', { 'a"\u202e': btf.enumeration('enum', 4, { 'E"\x1b': 0n }) });
    expect(line(recordType(btf, id), le(4, 0))).toBe('{"a\\"\\u202e":"E\\"\\u001b(0)"}');
  });

  it('jsonPrinter() gives back the values of any record, and nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(arbitraryRecord, ({ type, bytes }) => {
        const text = line(type, bytes);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(plainJson(type.fields, bytes))));
        expect(text.match(/-?\d{16,}/g)).toEqual(plainJson(type.fields, bytes).match(/-?\d{16,}/g));
      }),
    );
  });
});
