import { describe, expect, test } from 'vitest';
import { readBtf } from '../src/read-btf.js';
import { readObject } from '../src/read-object.js';
import { BtfBuilder } from './btf-builder.js';
import { compileFixture } from './compile-fixture.js';
import { expectRefused } from './refused.js';

const { btf } = readObject(compileFixture('types').bytes);
const everything = btf?.find('everything', 'struct');

describe('nameOf()', () => {
  test.each([
    ['a', 'unsigned char'],
    ['c', 'unsigned long long'],
    ['d', 'enum small'],
    ['e', 'float'],
    ['g', '__int128'],
    ['h', '_Bool'],
    ['i', 'callbacks_t'],
    ['j', 'struct later *'],
    ['k', 'union later_union *'],
    ['l', 'int (*)[3][5]'],
    ['m', 'const volatile char *const *restrict'],
    ['', 'struct {...}'],
    ['q', 'enum {...}'],
    ['r', 'void (*(*)(int))(void)'],
    ['next', 'struct everything *'],
    ['flexible', 'char[0]'],
  ])('nameOf() of member %s is C', (name, text) => {
    const member = everything?.kind === 'struct' ? everything.members.find((one) => one.name === name) : undefined;
    expect(btf?.nameOf(member?.typeId ?? 0)).toBe(text);
  });

  test.each([
    ['callback_t', 'int (*)(const struct later *, int, ...)'],
    ['callbacks_t', 'callback_t[4]'],
    ['tagged_t', 'struct tagged'],
  ])('nameOf() of what typedef %s stands for is C', (name, text) => {
    const typedef = btf?.find(name, 'typedef');
    expect(btf?.nameOf(typedef?.kind === 'typedef' ? typedef.typeId : 0)).toBe(text);
  });

  test('nameOf() leaves type tags and, when asked, qualifiers out', () => {
    const tagged = btf?.find('tagged', 'struct');
    const pointer = tagged?.kind === 'struct' ? tagged.members[1]?.typeId : undefined;
    const qualified = everything?.kind === 'struct' ? everything.members.find(({ name }) => name === 'm') : undefined;
    expect(btf?.nameOf(pointer ?? 0)).toBe('int *');
    expect(btf?.nameOf(qualified?.typeId ?? 0, { qualifiers: false })).toBe('char **');
  });

  test('nameOf() refuses a text that doubles with every type', () => {
    const builder = new BtfBuilder();
    let last = builder.int();
    for (let depth = 0; depth < 20; depth++) {
      const proto = builder.type('funcProto', { third: last, vlen: 2, extra: [0, last, 0, last] });
      last = builder.type('ptr', { third: proto });
    }
    const doubling = readBtf(builder.bytes());
    expect(doubling.nameOf(5)).toContain('int (*(*)(');
    expectRefused(() => doubling.nameOf(last), 'EBPM_BTF_INVALID', 'longer than 4096 characters');
  });
});
