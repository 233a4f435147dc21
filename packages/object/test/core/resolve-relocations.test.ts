import { describe, expect, test } from 'vitest';
import { resolveRelocations } from '../../src/core/resolve-relocations.js';
import { openBtf } from '../../src/open-btf.js';
import { readElf } from '../../src/read-elf.js';
import { objectOf } from '../../src/read-object.js';
import { BtfBuilder } from '../btf-builder.js';
import { compileText } from '../compile-text.js';
import { expectRefused } from '../refused.js';
import { kernelOf, type ResolveCase, resolveBytes, resolveCases, textsOf } from './resolve-texts.js';

const PID = { types: 'struct s$ { int pid; };', body: 'return s->pid;' };

interface Case extends ResolveCase {
  readonly what: string;
  readonly outcomes: readonly string[];
}

const FOUND: readonly Case[] = [
  {
    what: 'a field that has moved',
    ...PID,
    kernel: 'struct s$ { long x; int pid; } v$;',
    outcomes: ['byte_offset: 0 -> 8'],
  },
  {
    what: 'a struct that has a flavour',
    ...PID,
    kernel: 'struct s$___old { char x[3]; short y; int pid; } v$;',
    outcomes: ['byte_offset: 0 -> 8'],
  },
  {
    what: 'a struct of which the object has a flavour',
    types: 'struct s$ {}; struct s$___mine { int pid; };',
    body: 'return ((struct s$___mine *)s)->pid;',
    kernel: 'struct s$ { long x; int pid; } v$;',
    outcomes: ['byte_offset: 0 -> 8'],
  },
  {
    what: 'a field in anonymous structs and unions',
    ...PID,
    kernel: 'struct s$ { long x; union { long y; struct { int z; int pid; }; }; } v$;',
    outcomes: ['byte_offset: 0 -> 12'],
  },
  {
    what: 'a field that was in an anonymous struct',
    types: 'struct s$ { long x; struct { int y; int pid; }; };',
    body: 'return s->pid;',
    kernel: 'struct s$ { int pid; } v$;',
    outcomes: ['byte_offset: 12 -> 0'],
  },
  {
    what: 'a field of a struct that is a union now',
    types: 'struct i$ { int a; int b; }; struct s$ { struct i$ in; };',
    body: 'return s->in.b;',
    kernel: 'struct s$ { long x; union { int b; long c; } in; } v$;',
    outcomes: ['byte_offset: 4 -> 8'],
  },
  {
    what: 'an element of an array that is longer',
    types: 'struct s$ { int a[4]; };',
    body: 'return s->a[2];',
    kernel: 'struct s$ { long x; int a[9]; } v$;',
    outcomes: ['byte_offset: 8 -> 16'],
  },
  {
    what: 'an element of a flexible array',
    types: 'struct s$ { int n; int a[]; };',
    body: 'return s->a[2];',
    kernel: 'struct s$ { long x; int a[]; } v$;',
    outcomes: ['byte_offset: 12 -> 16'],
  },
  {
    what: 'an array of arrays',
    types: 'struct s$ { int a[2][3]; };',
    body: 'return s->a[1][2];',
    kernel: 'struct s$ { int a[2][5]; } v$;',
    outcomes: ['byte_offset: 12 -> 20'],
  },
  {
    what: 'elements of another size',
    types: 'struct i$ { int a; }; struct s$ { struct i$ in[4]; };',
    body: 'return s->in[2].a;',
    kernel: 'struct i$ { long x; int a; }; struct s$ { struct i$ in[4]; } v$;',
    outcomes: ['byte_offset: 8 -> 40'],
  },
  {
    what: 'the next of several structs',
    types: 'struct s$ { int a; int b; };',
    body: 'return s[1].b;',
    kernel: 'struct s$ { long x; int a; int b; } v$;',
    outcomes: ['byte_offset: 12 -> 28'],
  },
  {
    what: 'an unsigned integer that has grown',
    types: 'struct s$ { unsigned a; };',
    body: 'return s->a;',
    kernel: 'struct s$ { long x; unsigned long a; } v$;',
    outcomes: ['byte_offset: 0 -> 8, 4 -> 8 bytes'],
  },
  {
    what: 'a signed integer that has grown, of which the address is taken',
    ...PID,
    body: 'return (long)&s->pid;',
    kernel: 'struct s$ { long x; long pid; } v$;',
    outcomes: ['byte_offset: 0 -> 8'],
  },
  {
    what: 'a pointer to something else',
    types: 'struct s$ { int *p; };',
    body: 'return (long)s->p;',
    kernel: 'struct s$ { long x; char **p; } v$;',
    outcomes: ['byte_offset: 0 -> 8'],
  },
  {
    what: 'an enum that has no name',
    types: 'enum a$ { A$ }; struct s$ { enum a$ e; };',
    body: 'return s->e;',
    kernel: 'struct s$ { long x; enum { B$ } e; } v$;',
    outcomes: ['byte_offset: 0 -> 8'],
  },
  {
    what: 'a struct behind a typedef',
    types: 'struct s$ {}; typedef struct { int a; } t$;',
    body: 'return ((t$ *)s)->a;',
    kernel: 'typedef struct { long x; int a; } t$; t$ v$;',
    outcomes: ['byte_offset: 0 -> 8'],
  },
  {
    what: 'two structs that agree, and passes over one that does not have the field',
    ...PID,
    kernel: 'struct s$___a { int pid; } a$; struct s$___b { int pid; int x; } b$; struct s$ { int tgid; } c$;',
    outcomes: ['byte_offset: 0 -> 0'],
  },
  {
    what: 'later only what is in the structs that had what was asked for before, as libbpf does',
    types: 'struct s$ { int a; int b; int c; };',
    body: 'return s->a + s->b + s->c;',
    kernel: 'struct s$___1 { long x; int b; int a; } a$; struct s$___2 { int b; int c; } b$;',
    outcomes: ['byte_offset: 0 -> 12', 'byte_offset: 4 -> 8', 'byte_offset: poisoned no_field s.c'],
  },
];

const LACKING: readonly (Case & { readonly outcomes: readonly [string] })[] = [
  { what: 'a struct that is not there', ...PID, kernel: '', outcomes: ['byte_offset: poisoned no_type struct s'] },
  {
    what: 'a struct that is a union',
    ...PID,
    kernel: 'union s$ { int pid; } v$;',
    outcomes: ['byte_offset: poisoned no_type struct s'],
  },
  {
    what: 'a struct whose name only starts alike',
    ...PID,
    kernel: 'struct s$__x { int pid; } v$; struct s$x { int pid; } w$;',
    outcomes: ['byte_offset: poisoned no_type struct s'],
  },
  {
    what: 'a field that is not there',
    ...PID,
    kernel: 'struct s$ { int tgid; } v$;',
    outcomes: ['byte_offset: poisoned no_field s.pid'],
  },
  {
    what: 'a field whose type is another',
    ...PID,
    kernel: 'struct s$ { void *pid; } v$;',
    outcomes: ['byte_offset: poisoned field_type s.pid (int, void *)'],
  },
  {
    what: 'a field whose type is another, in an anonymous struct',
    ...PID,
    kernel: 'struct s$ { long x; struct { float y; struct { float pid; }; }; } v$;',
    outcomes: ['byte_offset: poisoned field_type s.pid (int, float)'],
  },
  {
    what: 'an enum of another name',
    types: 'enum a$ { A$ }; struct s$ { enum a$ e; };',
    body: 'return s->e;',
    kernel: 'enum b$ { B$ }; struct s$ { enum b$ e; } v$;',
    outcomes: ['byte_offset: poisoned field_type s.e (enum a, enum b)'],
  },
  {
    what: 'a field of a field',
    types: 'struct i$ { int a; }; struct s$ { struct i$ in; };',
    body: 'return s->in.a;',
    kernel: 'struct i$ { int b; }; struct s$ { struct i$ in; } v$;',
    outcomes: ['byte_offset: poisoned no_field s.in.a'],
  },
  {
    what: 'an element beyond an array',
    types: 'struct s$ { int a[4]; };',
    body: 'return s->a[2];',
    kernel: 'struct s$ { int a[2]; } v$;',
    outcomes: ['byte_offset: poisoned beyond_array s.a[2] (2, 2)'],
  },
  {
    what: 'an element of an array without length that is not the last member',
    types: 'struct s$ { int a[4]; };',
    body: 'return s->a[2];',
    kernel: 'struct s$ { int a[0]; int b; } v$;',
    outcomes: ['byte_offset: poisoned beyond_array s.a[2] (2, 0)'],
  },
  {
    what: 'an element of what is no array',
    types: 'struct s$ { int a[4]; };',
    body: 'return s->a[2];',
    kernel: 'struct s$ { int a; } v$;',
    outcomes: ['byte_offset: poisoned field_type s.a (int[4], int)'],
  },
  {
    what: 'a signed integer that has grown, which is read directly',
    ...PID,
    kernel: 'struct s$ { long pid; } v$;',
    outcomes: ['byte_offset: poisoned other_size s.pid (4, 8)'],
  },
  {
    what: 'an offset that the instruction has no room for',
    ...PID,
    kernel: 'struct s$ { char x[40000]; int pid; } v$;',
    outcomes: ['byte_offset: refused too_far s.pid (32767, 40000)'],
  },
  {
    what: 'two structs that do not agree',
    ...PID,
    kernel: 'struct s$___a { int pid; } a$; struct s$___b { int x; int pid; } b$;',
    outcomes: ['byte_offset: refused ambiguous s.pid (0, 4)'],
  },
  {
    what: 'two structs that agree on everything but where the field is',
    ...PID,
    body: 'return bpf_core_field_size(s->pid);',
    kernel: 'struct s$___a { int pid; } a$; struct s$___b { int x; int pid; } b$;',
    outcomes: ['byte_size: refused ambiguous s.pid (bit 0, bit 32)'],
  },
];

const EXISTS = { ...PID, body: 'return bpf_core_field_exists(s->pid);' };
const SIZE = { ...PID, body: 'return bpf_core_field_size(s->pid);' };
const SIGNED = { ...PID, body: 'return __builtin_preserve_field_info(s->pid, 3);' };
const HAS_TYPE = { ...PID, body: 'return bpf_core_type_exists(struct s$);' };
const TYPE_SIZE = { ...PID, body: 'return bpf_core_type_size(struct s$);' };
const ENUM = 'struct s$ {}; enum e$ { A$ = 1, B$ = 2 };';
const VALUE = { types: ENUM, body: 'return bpf_core_enum_value(enum e$, B$);' };
const HAS_VALUE = { types: ENUM, body: 'return bpf_core_enum_value_exists(enum e$, B$);' };
const FUNCTION = {
  types: 'struct s$ {}; typedef int (*f$)(long, char *);',
  body: 'return bpf_core_type_exists(f$);',
};

const ASKED: readonly (readonly [string, Omit<ResolveCase, 'kernel'>, string, string])[] = [
  ['a field exists', EXISTS, 'struct s$ { long x; int pid; } v$;', 'exists: 1 -> 1'],
  ['a field does not exist', EXISTS, 'struct s$ { int x; } v$;', 'exists: 1 -> 0'],
  ['a field does not exist, since its struct does not', EXISTS, '', 'exists: 1 -> 0'],
  ['a field does not exist, since its type is another', EXISTS, 'struct s$ { void *pid; } v$;', 'exists: 1 -> 0'],
  ['a field has a size', SIZE, 'struct s$ { long pid; } v$;', 'byte_size: 4 -> 8'],
  ['a field that is not there has no size', SIZE, 'struct s$ {} v$;', 'byte_size: poisoned no_field s.pid'],
  ['a field has no sign', SIGNED, 'struct s$ { unsigned pid; } v$;', 'signed: 1 -> 0'],
  ['a type exists', HAS_TYPE, 'struct s$ { int x; } v$;', 'type_exists: 1 -> 1'],
  ['a type does not exist', HAS_TYPE, 'union s$ { int x; } v$;', 'type_exists: 1 -> 0'],
  ['a type has a size', TYPE_SIZE, 'struct s$ { char x[99]; } v$;', 'type_size: 4 -> 99'],
  ['a type that is not there has size 0', TYPE_SIZE, '', 'type_size: 4 -> 0'],
  ['an enum has another value', VALUE, 'enum e$ { X$, B$ = 7 } v$;', 'enumval_value: 2 -> 7'],
  ['an enum has a value with a flavour', VALUE, 'enum e$___o { B$___o = 9 } v$;', 'enumval_value: 2 -> 9'],
  ['a value is negative', VALUE, 'enum e$ { B$ = -1 } v$;', 'enumval_value: 2 -> 18446744073709551615'],
  ['an enum does not have a value', VALUE, 'enum e$ { C$ } v$;', 'enumval_value: poisoned no_value e.B'],
  ['an enum is not there', VALUE, 'enum o$ { B$ } v$;', 'enumval_value: poisoned no_type enum e'],
  ['a value exists', HAS_VALUE, 'enum e$ { A$, B$ } v$;', 'enumval_exists: 1 -> 1'],
  ['a value does not exist', HAS_VALUE, 'enum e$ { A$ } v$;', 'enumval_exists: 1 -> 0'],
  ['a value does not exist, since its enum does not', HAS_VALUE, '', 'enumval_exists: 1 -> 0'],
  ['a function type exists', FUNCTION, 'typedef int (*f$)(long, char *); f$ v$;', 'type_exists: 1 -> 1'],
  ['its integers may be of other sizes', FUNCTION, 'typedef short (*f$)(char, long *); f$ v$;', 'type_exists: 1 -> 1'],
  ['a function type has fewer parameters', FUNCTION, 'typedef int (*f$)(long); f$ v$;', 'type_exists: 1 -> 0'],
  ['a function type has another result', FUNCTION, 'typedef void (*f$)(long, char *); f$ v$;', 'type_exists: 1 -> 0'],
  ['a parameter is of another kind', FUNCTION, 'typedef int (*f$)(long, int); f$ v$;', 'type_exists: 1 -> 0'],
  ['a struct has the name of a typedef', FUNCTION, 'struct f$ { int x; } v$;', 'type_exists: 1 -> 0'],
];

const BITFIELD = { types: 'struct s$ { unsigned flag : 3; };', body: 'return BPF_CORE_READ_BITFIELD_PROBED(s, flag);' };

const BITFIELDS: readonly Case[] = [
  {
    what: 'has moved',
    ...BITFIELD,
    kernel: 'struct s$ { long x; unsigned y : 5, flag : 3; } v$;',
    outcomes: [
      'byte_offset: 0 -> 8',
      'byte_size: 4 -> 4',
      'lshift_u64: 61 -> 56',
      'rshift_u64: 61 -> 61',
      'signed: 0 -> 0',
    ],
  },
  {
    what: 'is a field of its own now',
    ...BITFIELD,
    kernel: 'struct s$ { long x; signed char flag; } v$;',
    outcomes: [
      'byte_offset: 0 -> 8',
      'byte_size: 4 -> 1',
      'lshift_u64: 61 -> 56',
      'rshift_u64: 61 -> 56',
      'signed: 0 -> 1',
    ],
  },
  {
    what: 'lies across two integers of its type',
    ...BITFIELD,
    kernel: 'struct s$ { unsigned x : 30; unsigned flag : 5; } __attribute__((packed)) v$;',
    outcomes: [
      'byte_offset: 0 -> 0',
      'byte_size: 4 -> 8',
      'lshift_u64: 61 -> 29',
      'rshift_u64: 61 -> 59',
      'signed: 0 -> 0',
    ],
  },
  {
    what: 'lies across what 64 bits hold',
    ...BITFIELD,
    kernel: 'struct s$ { unsigned long x : 60; unsigned flag : 10; } __attribute__((packed)) v$;',
    outcomes: ['byte_offset', 'byte_size', 'lshift_u64', 'rshift_u64', 'signed'].map(
      (kind) => `${kind}: refused unmeasurable s.flag`,
    ),
  },
];

describe('resolveRelocations()', () => {
  const found = resolveCases(FOUND);
  const lacking = resolveCases(LACKING);
  const asked = resolveCases(ASKED.map(([, one, kernel]) => ({ ...one, kernel })));
  const bitfields = resolveCases(BITFIELDS);

  test.each(FOUND.map((one, index) => ({ ...one, index })))(
    'resolveRelocations() finds $what',
    ({ index, outcomes }) => {
      expect(found[index]).toEqual(outcomes);
    },
  );

  test.each(LACKING.map((one, index) => ({ ...one, index })))(
    'resolveRelocations() does not find $what',
    ({ index, outcomes }) => {
      expect(lacking[index]).toEqual(outcomes);
    },
  );

  test.each(ASKED.map((one, index) => [...one, index] as const))(
    'resolveRelocations() says that %s',
    (_what, _asked, _kernel, outcome, index) => {
      expect(asked[index]).toEqual([outcome]);
    },
  );

  test.each(BITFIELDS.map((one, index) => ({ ...one, index })))(
    'resolveRelocations() resolves a bitfield that $what',
    ({ index, outcomes }) => {
      // Of how many bytes a bitfield is read, compilers do not agree.
      const texts = (bitfields[index] ?? []).map((text) => text.replace('byte_size: 1', 'byte_size: 4'));
      expect([...new Set(texts)].sort()).toEqual([...outcomes].sort());
    },
  );
});

describe('resolveRelocations() of an object', () => {
  const types = '#define CORE __attribute__((preserve_access_index))\nstruct s { int a; int b; } CORE;\n';
  const kernel = kernelOf('struct s___1 { int a; } s; struct s___2 { int b; } t;');
  const object = (section: string) =>
    compileText(`${types}SEC("${section}") long first(struct s *s) { return s->a; }
      SEC("raw_tp/y") long second(struct s *s) { int i = 0; i++; return s->b + bpf_core_type_id_local(struct s) + bpf_core_type_id_kernel(struct s); }`);

  test('resolveRelocations() looks at programs that are loaded, and no others', () => {
    expect(textsOf(resolveBytes(object('raw_tp/x'), kernel)).slice(0, 2)).toEqual([
      'byte_offset: 0 -> 0',
      'byte_offset: poisoned no_field s.b',
    ]);
    expect(textsOf(resolveBytes(object('?raw_tp/x'), kernel))[0]).toBe('byte_offset: 4 -> 0');
  });

  test('resolveRelocations() numbers relocations by section, and instructions by function', () => {
    const places = resolveBytes(object('raw_tp/x'), kernel).map(({ program, number, instruction }) => [
      program.name,
      number,
      instruction,
    ]);
    expect(places.slice(0, 2)).toEqual([
      ['first', 0, 0],
      ['second', 0, expect.any(Number)],
    ]);
  });

  test('resolveRelocations() gives ids of the object itself as they are, and those of the kernel', () => {
    const resolved = resolveBytes(object('?raw_tp/x'), kernel);
    const idOf = (kind: string) => resolved.find(({ relocation }) => relocation.kind === kind);
    const local = idOf('type_id_local');
    expect(local?.outcome).toMatchObject({ kind: 'patched', value: BigInt(local?.relocation.typeId ?? 0) });
    expect(idOf('type_id_target')?.outcome).toMatchObject({
      kind: 'patched',
      value: BigInt(kernel.find('s___2', 'struct')?.id ?? 0),
    });
  });

  test('resolveRelocations() looks in modules for what the kernel does not have, and only for that', () => {
    const elf = readElf(object('?raw_tp/x'));
    const asked: string[][] = [];
    const resolve = (inKernel: string, inModule: string) => {
      const modules = (names: readonly string[]) => {
        asked.push([...names]);
        return [kernelOf(inModule)];
      };
      return textsOf(resolveRelocations({ elf, object: objectOf(elf), kernel: kernelOf(inKernel), modules }))[0];
    };
    expect(resolve('int x;', 'struct s { long x; int b; } s;')).toBe('byte_offset: 4 -> 8');
    expect(asked).toEqual([['s']]);
    expect(resolve('struct s { int x; } s;', 'struct s { long x; int b; } s;')).toBe(
      'byte_offset: poisoned no_field s.b',
    );
    expect(asked).toHaveLength(1);
  });

  test('resolveRelocations() does not follow types that branch without end', () => {
    const hostile = new BtfBuilder();
    let inside = hostile.type('struct', { third: 4 });
    for (let level = 0; level < 40; level++) {
      const name = level === 39 ? 's' : 0;
      inside = hostile.type('struct', { name, vlen: 2, third: 4, extra: [0, inside, 0, 0, inside, 0] });
    }
    const resolve = () => resolveBytes(object('raw_tp/x'), openBtf(hostile.bytes()));
    expectRefused(resolve, 'EBPM_BTF_TOO_LARGE', 'its CO-RE relocations lead through more types');
  });
});
