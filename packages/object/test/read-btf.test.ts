import { describe, expect, test } from 'vitest';
import type { BtfType } from '../src/btf-type.js';
import { readBtf } from '../src/read-btf.js';
import { readElf } from '../src/read-elf.js';
import { bpftoolJson, typesJson } from './bpftool-json.js';
import { BtfBuilder } from './btf-builder.js';
import { compileFixture, linkFixture } from './compile-fixture.js';
import { expectRefused } from './refused.js';

describe('readBtf() against bpftool', () => {
  test.each(['tracer', 'maps', 'types'])('readBtf() reads all types of %s as bpftool does', (name) => {
    const { path, bytes } = compileFixture(name);
    expect(JSON.parse(typesJson(readBtf(btfOf(bytes))))).toEqual(JSON.parse(bpftoolJson(path)));
  });

  test('readBtf() reads what the linker of libbpf writes as bpftool does', () => {
    const { path, bytes } = linkFixture('tracer');
    expect(JSON.parse(typesJson(readBtf(btfOf(bytes))))).toEqual(JSON.parse(bpftoolJson(path)));
  });
});

describe('Btf', () => {
  const btf = readBtf(btfOf(compileFixture('types').bytes));

  test('type() refuses an id that is not there', () => {
    for (const id of [-1, 0.5, btf.count, Number.NaN]) {
      expectRefused(() => btf.type(id), 'EBPM_BTF_INVALID', 'there is no such type');
    }
  });

  test('resolve() goes through typedefs, qualifiers and type tags', () => {
    const typedef = btf.find('tagged_t', 'typedef');
    expect(btf.resolve(typedef?.id ?? 0)).toMatchObject({ kind: 'struct', name: 'tagged' });
    expect(btf.resolve(0)).toEqual({ id: 0, kind: 'void', name: '' });
  });

  test('sizeOf() knows the size of every kind of value', () => {
    const size = (name: string, ...kinds: BtfType['kind'][]) => btf.sizeOf(btf.find(name, ...kinds)?.id ?? 0);
    expect(size('everything', 'struct')).toBe(160);
    expect(size('tagged_t')).toBe(16);
    expect(size('callbacks_t')).toBe(32);
    expect(size('double')).toBe(8);
    expect(size('everything', 'var')).toBe(8);
  });

  test('sizeOf() refuses what has no size', () => {
    expectRefused(() => btf.sizeOf(0), 'EBPM_BTF_INVALID', '"void" has no size');
    expectRefused(
      () => btf.sizeOf(btf.find('later', 'fwd')?.id ?? 1),
      'EBPM_BTF_INVALID',
      '"struct later" has no size',
    );
    expect(btf.hasSize(0)).toBe(false);
  });

  test('find() gives the first of the kinds asked for', () => {
    expect(btf.find('everything')?.kind).toBe('struct');
    expect(btf.find('everything', 'var', 'typedef')?.kind).toBe('var');
    expect(btf.find('everything', 'typedef')).toBeUndefined();
    expect(btf.find('')).toBeUndefined();
    expect(btf.find('every')).toBeUndefined();
    expect(btf.find('everything\0')).toBeUndefined();
  });

  test('type() has bitfields, their width and their place', () => {
    const type = btf.find('everything', 'struct');
    const members = type?.kind === 'struct' ? type.members.slice(0, 4) : [];
    expect(members.map(({ name, offsetBits, bitfieldBits }) => [name, offsetBits, bitfieldBits])).toEqual([
      ['a', 0, 3],
      ['b', 3, 13],
      ['c', 16, 48],
      ['d', 64, 0],
    ]);
  });

  test('type() keeps 64-bit values of enums', () => {
    const builder = new BtfBuilder();
    const values = [builder.name('HIGH'), 0xffff_fffe, 0xffff_ffff];
    builder.type('enum64', { third: 8, vlen: 1, extra: values });
    builder.type('enum64', { third: 8, vlen: 1, flag: true, extra: values });
    builder.type('enum', { third: 4, vlen: 1, flag: true, extra: values.slice(0, 2) });
    const enums = readBtf(builder.bytes());
    expect([1, 2, 3].map((id) => enums.type(id))).toMatchObject([
      { signed: false, values: [{ name: 'HIGH', value: 0xffff_ffff_ffff_fffen }] },
      { signed: true, values: [{ name: 'HIGH', value: -2n }] },
      { signed: true, values: [{ name: 'HIGH', value: -2n }] },
    ]);
  });

  test('readBtf() accepts a header that is longer than it knows', () => {
    const bytes = new BtfBuilder().bytes();
    const longer = new Uint8Array([...bytes.subarray(0, 24), 0, 0, 0, 0, 7, 0, 0, 0, ...bytes.subarray(24)]);
    longer[4] = 32;
    expect(readBtf(longer).count).toBe(1);
  });
});

function btfOf(object: Uint8Array): Uint8Array {
  return readElf(object).sections.find(({ name }) => name === '.BTF')?.bytes ?? new Uint8Array();
}
