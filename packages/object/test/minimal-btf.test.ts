import { describe, expect, test } from 'vitest';
import type { BpfObject } from '../src/bpf-object.js';
import { essentialName, minimalBtf } from '../src/minimal-btf.js';
import { readBtf } from '../src/read-btf.js';
import { readObject } from '../src/read-object.js';
import { BtfBuilder } from './btf-builder.js';
import { compileFixture } from './compile-fixture.js';

const object = readObject(compileFixture('core').bytes);

/** The names that the relocations of fixtures/core.bpf.c start from, and others, as a kernel would have them. */
function kernel(): BtfBuilder {
  const btf = new BtfBuilder();
  const int = btf.int();
  const far = btf.type('struct', { name: 'far', vlen: 1, third: 4, extra: [btf.name('inside'), int, 0] });
  const pointer = btf.type('ptr', { third: far });
  const near = btf.type('struct', { name: 'near', vlen: 1, third: 4, extra: [btf.name('held'), int, 0] });
  btf.type('struct', { name: 'unrelated', vlen: 1, third: 4, extra: [btf.name('field'), int, 0] });
  const members = [btf.name('pointers'), pointer, 0, btf.name('near'), near, 64];
  btf.type('struct', { name: 'kernel_thing', vlen: 2, third: 16, extra: members });
  btf.type('struct', { name: 'kernel_thing___other', vlen: 0, third: 8 });
  btf.type('union', { name: 'kernel_thing', vlen: 0, third: 8 });
  btf.type('enum64', { name: 'colour', vlen: 1, third: 8, extra: [btf.name('GREEN'), 2, 0] });
  return btf;
}

describe('minimalBtf()', () => {
  const { bytes, missing } = minimalBtf(kernel().bytes(), object);
  const btf = readBtf(bytes);
  const names = Array.from({ length: btf.count }, (_, id) => btf.nameOf(id));

  test('minimalBtf() keeps every type of the kind and name that a relocation starts from, flavours too', () => {
    expect(names).toEqual([
      'void',
      'int',
      'struct far',
      'struct far *',
      'struct near',
      'struct kernel_thing',
      'struct kernel_thing___other',
      'enum colour',
    ]);
  });

  test('minimalBtf() keeps what these hold by value whole, and a shell of what they point to', () => {
    const find = (name: string) => btf.find(name, 'struct');
    expect(find('kernel_thing')).toMatchObject({ sizeBytes: 16, members: [{ offsetBits: 0 }, { offsetBits: 64 }] });
    expect(find('near')).toMatchObject({ sizeBytes: 4, members: [{ name: 'held', typeId: 1 }] });
    expect(find('far')).toMatchObject({ sizeBytes: 4, members: [] });
  });

  test('minimalBtf() keeps the values of enums, whatever their width', () => {
    expect(btf.find('colour', 'enum64')).toMatchObject({ values: [{ name: 'GREEN', value: 2n }] });
  });

  test('minimalBtf() names what the kernel does not have', () => {
    expect(missing).toEqual(['item']);
  });

  test('minimalBtf() of an object without relocations is empty', () => {
    const without: BpfObject = { ...object, coreRelocations: [] };
    expect(readBtf(minimalBtf(kernel().bytes(), without).bytes).count).toBe(1);
  });

  test('minimalBtf() refuses a kernel BTF that is not sound', () => {
    const broken = kernel().bytes();
    broken[0] = 0;
    expect(() => minimalBtf(broken, object)).toThrow(expect.objectContaining({ code: 'EBPM_BTF_INVALID' }));
  });
});

describe('essentialName()', () => {
  test.each([
    ['task_struct', 'task_struct'],
    ['task_struct___old', 'task_struct'],
    ['a___b___c', 'a___b'],
    ['___a', '___a'],
    ['a___', 'a___'],
    ['a____b', 'a____b'],
    ['a__b', 'a__b'],
  ])('essentialName() of %s is %s', (name, essential) => {
    expect(essentialName(name)).toBe(essential);
  });
});
