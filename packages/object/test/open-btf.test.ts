import { describe, expect, test } from 'vitest';
import { BTF_KINDS } from '../src/btf-type.js';
import { openBtf, openModuleBtf } from '../src/open-btf.js';
import { readBtf } from '../src/read-btf.js';
import { readElf } from '../src/read-elf.js';
import { BtfBuilder } from './btf-builder.js';
import { compileFixture } from './compile-fixture.js';
import { expectRefused } from './refused.js';

const STRUCT = BTF_KINDS.indexOf('struct');
const UNION = BTF_KINDS.indexOf('union');

describe('openBtf()', () => {
  const bytes = readElf(compileFixture('types').bytes).sections.find(({ name }) => name === '.BTF')?.bytes;
  const [checked, opened] = [readBtf(bytes ?? new Uint8Array()), openBtf(bytes ?? new Uint8Array())];
  const ids = Array.from({ length: checked.count }, (_, id) => id);

  test('openBtf() says of every type what readBtf() says', () => {
    expect(opened.count).toBe(checked.count);
    for (const id of ids) {
      expect(opened.type(id)).toEqual(checked.type(id));
      expect(opened.resolve(id)).toEqual(checked.resolve(id));
      expect(opened.nameOf(id)).toBe(checked.nameOf(id));
      expect(opened.hasSize(id), opened.nameOf(id)).toBe(checked.hasSize(id));
      if (checked.hasSize(id)) expect(opened.sizeOf(id)).toBe(checked.sizeOf(id));
    }
  });

  test('openBtf() reads bytes that lie askew', () => {
    const askew = new Uint8Array((bytes?.length ?? 0) + 3).subarray(3);
    askew.set(bytes ?? new Uint8Array());
    for (const id of ids) expect(openBtf(askew).type(id)).toEqual(checked.type(id));
  });

  test('openBtf() finds what readBtf() finds, by name and by kind', () => {
    for (const id of ids) {
      const { name, kind } = checked.type(id);
      if (name === '') continue;
      expect(opened.find(name)).toEqual(checked.find(name));
      expect(opened.find(name, kind, 'func')).toEqual(checked.find(name, kind, 'func'));
    }
    expect(opened.find('no_such_type')).toBeUndefined();
    expect([...opened.ofKind('struct')]).toEqual([...checked.ofKind('struct')]);
    expect(opened.string(1)).toBe(checked.string(1));
    expect(opened.hasString(1 << 24)).toBe(false);
  });

  test('openBtf() gives the types of an essential name, of the kinds that are wanted for it', () => {
    const names = ['sock', 'sock___a', 'sock___', 'sock____a', 'sock__a', 'socket', 'tcp_sock', 'sock___a___b', ''];
    const builder = new BtfBuilder();
    for (const name of names) builder.type('struct', { name, third: 4 });
    builder.type('union', { name: 'sock', third: 4 });
    builder.type('union', { name: 'socket___x', third: 4 });
    const kernel = openBtf(builder.bytes());
    const wanted = new Map([
      ['sock', new Set([STRUCT])],
      ['socket', new Set([STRUCT, UNION])],
      ['', new Set([STRUCT])],
      ['file', new Set([STRUCT])],
    ]);
    const found = [...kernel.candidates(wanted)].map(([name, list]) => [name, list.map((id) => kernel.nameOf(id))]);
    expect(Object.fromEntries(found)).toEqual({
      sock: ['struct sock', 'struct sock___a'],
      socket: ['struct socket', 'union socket___x'],
    });
  });
});

describe('openModuleBtf()', () => {
  const builder = new BtfBuilder();
  const int = builder.int();
  builder.type('struct', { name: 'thing', third: 4 });
  const base = builder.bytes();
  builder.type('struct', { name: 'thing___two', vlen: 1, third: 4, extra: [builder.name('member'), int, 0] });
  builder.type('typedef', { name: 'alias', third: 2 });
  const module = splitOff(base, builder.bytes());

  test('openModuleBtf() goes on where the types and strings of the kernel end', () => {
    const btf = openModuleBtf(base, module);
    expect(btf.count).toBe(5);
    expect(btf.nameOf(1)).toBe('int');
    expect(btf.type(3)).toMatchObject({
      kind: 'struct',
      name: 'thing___two',
      members: [{ name: 'member', typeId: int }],
    });
    expect(btf.resolve(4)).toMatchObject({ id: 2, name: 'thing' });
  });

  test('openModuleBtf() has only its own types as candidates', () => {
    const wanted = new Map([['thing', new Set([STRUCT])]]);
    expect(openModuleBtf(base, module).candidates(wanted)).toEqual(new Map([['thing', [3]]]));
    expect(openModuleBtf(base, splitOff(base, base)).candidates(wanted)).toEqual(new Map());
  });

  test('openModuleBtf() refuses one that is damaged', () => {
    expectRefused(() => openModuleBtf(base, module.subarray(0, 20)), 'EBPM_BTF_INVALID', 'it has 20 bytes');
    const unended = module.slice();
    unended[unended.length - 1] = 65;
    expectRefused(() => openModuleBtf(base, unended), 'EBPM_BTF_INVALID', 'strings');
  });
});

/** What a blob has more than another one that is its start. */
function splitOff(base: Uint8Array, whole: Uint8Array): Uint8Array {
  const sizes = (bytes: Uint8Array) => {
    const view = new DataView(bytes.buffer);
    return [view.getUint32(12, true), view.getUint32(20, true)] as const;
  };
  const [[types, strings], [allTypes, allStrings]] = [sizes(base), sizes(whole)];
  const split = new Uint8Array(24 + (allTypes - types) + (allStrings - strings));
  split.set(whole.subarray(0, 24));
  split.set(whole.subarray(24 + types, 24 + allTypes), 24);
  split.set(whole.subarray(24 + allTypes + strings), 24 + allTypes - types);
  const view = new DataView(split.buffer);
  view.setUint32(12, allTypes - types, true);
  view.setUint32(16, allTypes - types, true);
  view.setUint32(20, allStrings - strings, true);
  return split;
}

describe('openBtf() of hostile bytes', () => {
  function open(make: (builder: BtfBuilder) => void) {
    const builder = new BtfBuilder();
    make(builder);
    return openBtf(builder.bytes());
  }

  test('openBtf() refuses a type that is not there', () => {
    const btf = open((builder) => builder.type('ptr', { third: 9 }));
    for (const id of [-1, 2, 0.5]) expectRefused(() => btf.type(id), 'EBPM_BTF_INVALID', 'there is no such type');
    const alias = open((builder) => builder.type('typedef', { name: 'a', third: 9 }));
    expectRefused(() => alias.resolve(1), 'EBPM_BTF_INVALID', 'type 9: there is no such type');
    expectRefused(() => alias.sizeOf(1), 'EBPM_BTF_INVALID', 'type 9: there is no such type');
  });

  test('openBtf() follows no type in circles', () => {
    const alias = open((builder) => builder.type('typedef', { name: 'a', third: 1 }));
    expectRefused(() => alias.resolve(1), 'EBPM_BTF_INVALID', 'deep');
    const array = open((builder) => builder.type('array', { extra: [1, 1, 1] }));
    expectRefused(() => array.sizeOf(1), 'EBPM_BTF_INVALID', 'deep');
    const pointer = open((builder) => builder.type('ptr', { third: 1 }));
    expectRefused(() => pointer.nameOf(1), 'EBPM_BTF_INVALID', 'deep');
    const proto = open((builder) => builder.type('funcProto', { vlen: 1, extra: [0, 1] }));
    expectRefused(() => proto.nameOf(1), 'EBPM_BTF_INVALID', 'deep');
  });

  test('openBtf() refuses a name that is not there, and sizes beyond 32 bits', () => {
    const btf = open((builder) => {
      builder.type('struct', { name: 999, third: 4 });
      builder.type('array', { extra: [1, 1, 0x7fff_ffff] });
    });
    expectRefused(() => btf.type(1), 'EBPM_BTF_INVALID', 'no valid string at 999');
    expect(btf.hasSize(2)).toBe(false);
  });
});
