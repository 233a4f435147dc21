import { describe, expect, test } from 'vitest';
import { readObject } from '../src/read-object.js';
import { compileFixture } from './compile-fixture.js';
import { ElfPatch } from './elf-patch.js';
import { expectRefused } from './refused.js';

const { bytes } = compileFixture('core');
const { btf, coreRelocations } = readObject(bytes);

describe('coreRelocation()', () => {
  test.each([
    ['field_byte_offset', 'struct kernel_thing', [0, 0]],
    ['field_byte_size', 'struct kernel_thing', [0, 0]],
    ['field_signed', 'struct kernel_thing', [0, 0]],
    ['field_lshift_u64', 'struct kernel_thing', [0, 0]],
    ['field_rshift_u64', 'struct kernel_thing', [0, 0]],
    ['field_byte_offset', 'struct kernel_thing', [0, 1, 2, 1, 1, 3]],
    ['field_byte_offset', 'struct kernel_thing', [0, 4, 7]],
    ['field_byte_offset', 'struct kernel_thing', [1, 3, 1]],
    ['field_byte_size', 'struct kernel_thing', [0, 1]],
    ['enumval_exists', 'enum colour', [1]],
    ['enumval_value', 'enum colour', [2]],
    ['type_exists', 'struct kernel_thing', [0]],
    ['type_size', 'struct item', [0]],
    ['type_id_local', 'struct item', [0]],
    ['type_id_target', 'struct item', [0]],
  ])('coreRelocation() reads %s of %s at %j', (kind, type, access) => {
    const found = coreRelocations.filter((one) => one.kind === kind && btf?.nameOf(one.typeId) === type);
    expect(found.map((one) => one.access)).toContainEqual(access);
  });

  test.each([
    ['an element beyond an array', '0:1:2:1:1:3', '0:1:4:1:1:3'],
    ['an element beyond the last array', '0:1:2:1:1:3', '0:1:2:1:1:8'],
    ['a member of a pointer', '0:1:2:1:1:3', '0:3:1:1:1:3'],
    ['a member beyond a union', '0:1:2:1:1:3', '0:1:2:1:2:3'],
    ['an index that no int holds', '0:1:2:1:1:3', '00000000:99'],
    ['a value beyond an enum', '2', '9'],
  ])('coreRelocation() refuses %s', (_what, from, to) => {
    const patch = new ElfPatch(bytes);
    patch.string(from, to);
    expectRefused(() => readObject(patch.bytes), 'EBPM_BTF_INVALID', `has access "${to}"`);
  });
});
