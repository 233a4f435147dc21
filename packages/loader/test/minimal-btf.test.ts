import { existsSync, readFileSync } from 'node:fs';
import { type BpfObject, type Btf, readBtf, readObject } from '@ebpm/object';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFixture } from '../../../test/support/compile-fixture.js';
import { BtfBuilder } from '../../object/test/btf-builder.js';
import { kernelBtf, minimalBtf } from '../src/minimal-btf.js';

const object = readObject(compileFixture(new URL('../../object/test/fixtures/core.bpf.c', import.meta.url)));

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

describe('kernelBtf()', () => {
  const VMLINUX = '/sys/kernel/btf/vmlinux';

  test('kernelBtf() is what the kernel says of its types, each time that it is asked', () => {
    const bytes = kernelBtf();
    expect(bytes === undefined).toBe(!existsSync(VMLINUX));
    if (bytes === undefined) return;
    const again = kernelBtf() ?? new Uint8Array();
    const read = readFileSync(VMLINUX);
    expect([Buffer.compare(bytes, read), Buffer.compare(again, read)]).toEqual([0, 0]);
  });
});

describe('minimalBtf()', () => {
  const { btf, missing } = minimal(kernel().bytes(), object);
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
    expect(minimal(kernel().bytes(), without).btf.count).toBe(1);
  });

  test('minimalBtf() looks for names without their flavour', () => {
    const names = ['kernel_thing___a___b', 'kernel_thing____x', 'kernel_thing__x', 'kernel_thing___', 'kernel_things'];
    const btf = new BtfBuilder();
    for (const name of ['kernel_thing___a', ...names]) btf.type('struct', { name, third: 8 });
    const kept = minimal(btf.bytes(), object).btf;
    expect(Array.from({ length: kept.count - 1 }, (_, index) => kept.nameOf(index + 1))).toEqual([
      'struct kernel_thing___a',
    ]);
  });

  test('minimalBtf() gives nothing for what is no BTF of a kernel', () => {
    const broken = kernel().bytes();
    broken[0] = 0;
    expect(minimalBtf(broken, object)).toBeUndefined();
    expect(minimalBtf(new Uint8Array(), object)).toBeUndefined();
    expect(minimalBtf(kernel().bytes().subarray(0, -1), object)).toBeUndefined();
    expect(minimalBtf('/nowhere/vmlinux', object)).toBeUndefined();
  });

  test('minimalBtf() survives bytes that were changed', () => {
    const sound = kernel().bytes();
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = sound.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const { length = 0 } = minimalBtf(bytes, object)?.bytes ?? [];
        return length <= sound.length;
      }),
      { numRuns: 3000 },
    );
  });
});

function minimal(kernelBtf: Uint8Array, of: BpfObject): { btf: Btf; missing: readonly string[] } {
  const made = minimalBtf(kernelBtf, of);
  if (made === undefined) throw new Error('the BTF of the kernel could not be read');
  return { btf: readBtf(made.bytes), missing: made.missing };
}
