import { describe, expect, test } from 'vitest';
import type { BpfObject, CoreRelocation } from '../src/bpf-object.js';
import { BTF_KINDS } from '../src/btf-type.js';
import { coreRoots } from '../src/core-roots.js';
import { readBtf } from '../src/read-btf.js';
import { readObject } from '../src/read-object.js';
import { BtfBuilder } from './btf-builder.js';
import { compileFixture } from './compile-fixture.js';

const object = readObject(compileFixture('core').bytes);
const [STRUCT, ENUM, ENUM64] = (['struct', 'enum', 'enum64'] as const).map((kind) => BTF_KINDS.indexOf(kind));

describe('coreRoots()', () => {
  test('coreRoots() are the types that relocations start from, except those that ask the object itself', () => {
    const roots = Object.fromEntries([...coreRoots(object)].map(([name, kinds]) => [name, [...kinds]]));
    expect(roots).toMatchObject({ kernel_thing: [STRUCT], colour: [ENUM, ENUM64] });
  });

  test('coreRoots() of an object without BTF are none', () => {
    expect(coreRoots({ ...object, btf: undefined, coreRelocations: [] }).size).toBe(0);
  });

  test.each([
    ['task_struct', 'task_struct'],
    ['task_struct___old', 'task_struct'],
    ['a___b___c', 'a___b'],
    ['___a', '___a'],
    ['a___', 'a___'],
    ['a____b', 'a____b'],
    ['a__b', 'a__b'],
  ])('coreRoots() takes %s for %s', (name, essential) => {
    const builder = new BtfBuilder();
    const typeId = builder.type('struct', { name, third: 4 });
    const [first] = object.coreRelocations;
    const relocation = { ...first, kind: 'field_byte_offset', typeId } as CoreRelocation;
    const renamed: BpfObject = { ...object, btf: readBtf(builder.bytes()), coreRelocations: [relocation] };
    expect([...coreRoots(renamed).keys()]).toEqual([essential]);
  });
});
