import { describe, expect, test } from 'vitest';
import { TooDeep, typesCompatible } from '../../src/core/types-compatible.js';
import { typesMatch } from '../../src/core/types-match.js';
import { readBtf } from '../../src/read-btf.js';
import { BtfBuilder } from '../btf-builder.js';

type Make = (builder: BtfBuilder) => number;

function typeOf(make: Make) {
  const builder = new BtfBuilder();
  const id = make(builder);
  return { btf: readBtf(builder.bytes()), id, spend: () => {} };
}

const matches = (own: Make, target: Make) => typesMatch(typeOf(own), typeOf(target));

const int = (sizeBytes = 4, signed = true): Make => {
  return (btf) => btf.int('int', sizeBytes, (signed ? 0x0100_0000 : 0) + sizeBytes * 8);
};
const pointer = (to: Make): Make => {
  return (btf) => btf.type('ptr', { third: to(btf) });
};
const constant = (of: Make): Make => {
  return (btf) => btf.type('const', { third: of(btf) });
};
const array = (of: Make, length: number): Make => {
  return (btf) => btf.type('array', { extra: [of(btf), btf.int('index'), length] });
};
const forward = (name: string, union = false): Make => {
  return (btf) => btf.type('fwd', { name, flag: union });
};
const composite = (kind: 'struct' | 'union', name: string, members: Readonly<Record<string, Make>> = {}): Make => {
  return (btf) => {
    const extra = Object.entries(members).flatMap(([member, make], index) => {
      return [btf.name(member), make(btf), kind === 'union' ? 0 : index * 512];
    });
    return btf.type(kind, { name, vlen: Object.keys(members).length, third: 640, extra });
  };
};
const struct = (name: string, members?: Readonly<Record<string, Make>>) => composite('struct', name, members);
const choice = (kind: 'enum' | 'enum64', names: readonly string[], sizeBytes = 8): Make => {
  return (btf) => {
    const extra = names.flatMap((name) => [btf.name(name), 7, ...(kind === 'enum64' ? [0] : [])]);
    return btf.type(kind, { name: 'e', vlen: names.length, third: sizeBytes, extra });
  };
};
const func = (result: Make, ...params: readonly Make[]): Make => {
  return (btf) => {
    const extra = params.flatMap((make) => [btf.name('p'), make(btf)]);
    return btf.type('funcProto', { vlen: params.length, third: result(btf), extra });
  };
};

describe('typesMatch()', () => {
  test.each<[string, Make, Make]>([
    ['integers of the same size and sign', int(), constant(int())],
    ['structs that have all members, and more', struct('s', { a: int() }), struct('s', { b: int(8), a: int() })],
    ['a struct and one with a flavour', struct('s___mine', { a: int() }), struct('s', { a: int() })],
    ['pointers to structs that differ inside', pointer(struct('s', { a: int() })), pointer(struct('s'))],
    ['a pointer to a struct and one to its declaration', pointer(struct('s')), pointer(forward('s'))],
    ['a pointer to a declaration and one to its union', pointer(forward('s', true)), pointer(composite('union', 's'))],
    ['arrays of the same length', array(int(), 3), array(int(), 3)],
    ['enums that have all values, whatever these are', choice('enum', ['A'], 8), choice('enum64', ['B', 'A___x'])],
    ['functions', func(int(), pointer(struct('s'))), func(int(), pointer(struct('s', { a: int() })))],
    ['declarations', forward('s'), forward('s')],
  ])('typesMatch() takes %s', (_what, own, target) => {
    expect(matches(own, target)).toBe(true);
  });

  test.each<[string, Make, Make]>([
    ['integers of another size', int(4), int(8)],
    ['integers of another sign', int(4), int(4, false)],
    ['integers of another name', (btf) => btf.int('int'), (btf) => btf.int('long')],
    ['a struct without a member', struct('s', { a: int() }), struct('s', { b: int(), c: int() })],
    ['a struct with fewer members', struct('s', { a: int(), b: int() }), struct('s', { a: int() })],
    ['a member of another type', struct('s', { a: int() }), struct('s', { a: pointer(int()) })],
    [
      'a struct inside that lacks a member',
      struct('s', { i: struct('i', { a: int() }) }),
      struct('s', { i: struct('i') }),
    ],
    ['a union for a struct', struct('s'), composite('union', 's')],
    ['a pointer to a union', pointer(struct('s')), pointer(composite('union', 's'))],
    ['a pointer to a declaration of a union', pointer(struct('s')), pointer(forward('s', true))],
    ['a declaration for a struct', struct('s'), forward('s')],
    ['a struct for a declaration', forward('s'), struct('s')],
    ['a pointer to a struct of another name', pointer(struct('s')), pointer(struct('t'))],
    ['an array of another length', array(int(), 3), array(int(), 4)],
    ['an enum without a value', choice('enum', ['A']), choice('enum', ['B', 'C'])],
    ['an enum of another size', choice('enum', ['A'], 4), choice('enum64', ['A'])],
    ['a function with another parameter', func(int(), int()), func(int(), pointer(int()))],
    ['a function with another result', func(int()), func(int(8))],
    ['a function with more parameters', func(int()), func(int(), int())],
    ['a pointer for an integer', int(), pointer(int())],
    ['floats, of which libbpf knows nothing', (btf) => btf.type('float', { name: 'f', third: 4 }), int()],
  ])('typesMatch() does not take %s', (_what, own, target) => {
    expect(matches(own, target)).toBe(false);
  });

  test.each([
    ['typesMatch()', typesMatch],
    ['typesCompatible()', typesCompatible],
  ])('%s gives up what lies deeper than libbpf follows', (_name, compare) => {
    const deep = (depth: number): Make => (depth === 0 ? int() : pointer(deep(depth - 1)));
    expect(compare(typeOf(deep(31)), typeOf(deep(31)))).toBe(true);
    expect(() => compare(typeOf(deep(32)), typeOf(deep(32)))).toThrow(TooDeep);
  });
});

describe('typesCompatible()', () => {
  test('typesCompatible() looks at no names, sizes, lengths or members', () => {
    const compatible = (own: Make, target: Make) => typesCompatible(typeOf(own), typeOf(target));
    expect(compatible(int(4), int(8, false))).toBe(true);
    expect(compatible(array(struct('s', { a: int() }), 3), array(struct('t'), 9))).toBe(true);
    expect(compatible(choice('enum', ['A'], 4), choice('enum64', []))).toBe(true);
    expect(compatible(struct('s'), composite('union', 's'))).toBe(false);
    expect(compatible(pointer(int()), pointer(struct('s')))).toBe(false);
    const float: Make = (btf) => btf.type('float', { name: 'f', third: 4 });
    expect(compatible(float, float)).toBe(false);
  });

  test('typesCompatible() does not take an alias for what it stands for', () => {
    const alias: Make = (btf) => btf.type('typedef', { name: 's', third: btf.type('struct', { name: 's', third: 4 }) });
    expect(typesCompatible(typeOf(alias), typeOf(struct('s')))).toBe(false);
    expect(typesCompatible(typeOf(alias), typeOf(alias))).toBe(true);
  });
});
