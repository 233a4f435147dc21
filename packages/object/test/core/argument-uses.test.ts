import { describe, expect, test } from 'vitest';
import { argumentUses } from '../../src/core/argument-uses.js';
import { readElf } from '../../src/read-elf.js';
import { objectOf } from '../../src/read-object.js';
import { compileText } from '../compile-text.js';

const HEAD = `
struct one { int a; int b; } __attribute__((preserve_access_index));
struct two { int c; } __attribute__((preserve_access_index));
typedef unsigned long long u64;
long seen;
static __attribute__((noinline)) int read_two(struct two *two) { return two->c; }
`;

/** What a program with this body takes which of its arguments for. */
function usesIn(...bodies: readonly string[]): readonly (readonly string[])[] {
  const programs = bodies.map((body, index) => `SEC("raw_tp/x") long p${index}(u64 *ctx) { ${body} }\n`);
  const elf = readElf(compileText(HEAD + programs.join('')));
  const object = objectOf(elf);
  const uses = argumentUses({ elf, object, places: () => [0, 8, 16] });
  return bodies.map((_, index) =>
    uses
      .filter(({ program }) => program.name === `p${index}`)
      .map(({ argument, typeId }) => `${argument}: ${object.btf?.nameOf(typeId)}`),
  );
}

describe('argumentUses()', () => {
  const CASES: readonly (readonly [what: string, body: string, uses: readonly string[]])[] = [
    ['a field that is read', 'return ((struct one *)ctx[1])->b;', ['1: struct one']],
    ['a field that is written', '((struct one *)ctx[0])->b = 7; return 0;', ['0: struct one']],
    ['the address of a field', 'return (long)&((struct one *)ctx[2])->b;', ['2: struct one']],
    [
      'two arguments',
      'return ((struct one *)ctx[0])->a + ((struct two *)ctx[1])->c;',
      ['0: struct one', '1: struct two'],
    ],
    [
      'one argument that is taken for two things',
      'seen = ((struct one *)ctx[0])->b; return ((struct two *)ctx[0])->c;',
      ['0: struct one', '0: struct two'],
    ],
    [
      'an argument that is kept over calls and branches',
      'struct one *one = (void *)ctx[0]; for (int i = 0; i < 9; i++) seen += bpf_get_smp_processor_id(); return one->b;',
      ['0: struct one'],
    ],
    ['nothing of a place that is no argument', 'return ((struct one *)ctx[5])->b;', []],
    ['nothing of what an argument points to', 'return (*(struct one **)ctx[0])->b;', []],
    ['nothing of what a function is handed', 'return read_two((void *)ctx[0]);', []],
    ['nothing of an argument that is a number', 'return ctx[0] + ctx[1];', []],
  ];
  const found = usesIn(...CASES.map(([, body]) => body));

  test.each(CASES.map((one, index) => [...one, index] as const))(
    'argumentUses() finds %s',
    (_what, _body, uses, index) => {
      expect([...(found[index] ?? [])].sort()).toEqual(uses);
    },
  );

  test('argumentUses() looks at no program that has no arguments, nor at an object without relocations', () => {
    const elf = readElf(compileText(`${HEAD}SEC("raw_tp/x") long p(u64 *ctx) { return ((struct one *)ctx[1])->b; }`));
    const object = objectOf(elf);
    expect(argumentUses({ elf, object, places: () => undefined })).toEqual([]);
    expect(argumentUses({ elf, object: { ...object, coreRelocations: [] }, places: () => [8] })).toEqual([]);
  });
});
