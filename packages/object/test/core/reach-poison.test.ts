import { describe, expect, test } from 'vitest';
import { reachPoison } from '../../src/core/reach-poison.js';
import { resolveRelocations } from '../../src/core/resolve-relocations.js';
import { readElf } from '../../src/read-elf.js';
import { objectOf } from '../../src/read-object.js';
import { compileText } from '../compile-text.js';
import { ElfPatch } from '../elf-patch.js';
import { kernelOf } from './resolve-texts.js';

const HEAD = `
#define CORE __attribute__((preserve_access_index))
struct s { int here; int gone; int absent; } CORE;
enum e { A = 1, GONE = 2 };
const volatile int off = 0, on = 1;
extern int LINUX_KERNEL_VERSION __kconfig;
extern int CONFIG_HZ __kconfig __weak;
const volatile unsigned char mode = 3;
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, long); } counts SEC(".maps");
long seen;
static __attribute__((noinline)) long helper(struct s *s, int how) { return how > 4 ? s->gone : s->here; }
__attribute__((noinline)) long global_helper(struct s *s) { return s->gone; }
static long callback(void *map, void *key, void *value, void *context) { return ((struct s *)context)->gone; }
`;

/** The programs of all cases, compiled at once, on a kernel that lacks a field and a value. */
function walker(bodies: readonly string[]) {
  const programs = bodies.map((body, index) => `SEC("raw_tp/x") long p${index}(struct s *s) { ${body} }\n`);
  const elf = readElf(compileText(HEAD + programs.join('')));
  const whole = objectOf(elf);
  const kernel = kernelOf('struct s { long x; int here; } s; enum e { A = 5 } e;');
  /** Where the verifier comes in some of the programs, as text. */
  return (indexes: readonly number[], maxSteps?: number) => {
    const object = { ...whole, programs: whole.programs.filter(({ name }) => indexes.includes(Number(name.slice(1)))) };
    const resolved = resolveRelocations({ elf, object, kernel });
    const settings = new Map([['LINUX_KERNEL_VERSION', 0x6_0c_00n]]);
    const options = { elf, object, resolved, settings, ...(maxSteps !== undefined && { maxSteps }) };
    return reachPoison(options).map(
      ({ resolved: { outcome }, programs: names, isCertain, setting }) =>
        `${names.length} ${outcome.kind === 'poisoned' ? outcome.miss.subject : ''}${isCertain ? '' : ', perhaps'}${setting === undefined ? '' : `, ${setting}`}`,
    );
  };
}

const REACHED: readonly (readonly [what: string, body: string, reached: string])[] = [
  ['one behind a version that this kernel has', 'return LINUX_KERNEL_VERSION >= 0x60000 ? s->gone : 0;', '1 s.gone'],
  [
    'one behind a setting that is not known',
    'return CONFIG_HZ / 2 > 50 ? s->gone : 0;',
    '1 s.gone, perhaps, CONFIG_HZ',
  ],
  ['a read of a field that is not there', 'return s->gone;', '1 s.gone'],
  ['one behind something that is not known', 'return seen ? s->gone : 0;', '1 s.gone, perhaps'],
  ['one that no path leads around', 'if (seen) seen = 2; return s->gone;', '1 s.gone, perhaps'],
  ['a value that is not there', 'return bpf_core_enum_value(enum e, GONE);', '1 e.GONE'],
  ['one behind a global that is on', 'return on ? s->gone : 0;', '1 s.gone'],
  [
    'one behind a question that is answered with yes',
    'return bpf_core_field_exists(s->here) ? s->gone : 0;',
    '1 s.gone',
  ],
  ['one in a function', 'return helper(s, 5) + helper(s, on);', '1 s.gone'],
  ['one in a global function', 'return global_helper(s);', '1 s.gone'],
  ['one in a callback', 'return bpf_for_each_map_elem(&counts, callback, s, 0);', '1 s.gone'],
  ['one behind a loop', 'for (int i = 0; i < 100; i++) seen += i * off; return s->gone;', '1 s.gone'],
];

const UNREACHED: readonly (readonly [what: string, body: string])[] = [
  ['a field behind a version that this kernel does not have', 'return LINUX_KERNEL_VERSION < 0x60000 ? s->gone : 0;'],
  ['a field behind a setting, where another path leads to one that is there', 'return CONFIG_HZ > 50 ? s->here : 0;'],
  ['a field that is there', 'return s->here;'],
  ['a field that is asked for before', 'return bpf_core_field_exists(s->gone) ? s->gone : 0;'],
  ['a field that is asked for first of two', 'if (bpf_core_field_exists(s->gone)) return s->gone; return s->here;'],
  [
    'a value that is asked for before',
    'return bpf_core_enum_value_exists(enum e, GONE) ? bpf_core_enum_value(enum e, GONE) : 0;',
  ],
  ['a field behind a size', 'return bpf_core_type_size(struct s) == 12 ? s->gone : 0;'],
  ['a field behind a value', 'return bpf_core_enum_value(enum e, A) == 1 ? s->gone : 0;'],
  ['a field behind a global that is off', 'return off ? s->gone : 0;'],
  ['a field behind a global of one byte', 'return mode == 2 ? s->gone : 0;'],
  [
    'a field behind two questions',
    'return bpf_core_field_exists(s->here) && bpf_core_field_exists(s->gone) ? s->gone : 0;',
  ],
  [
    'a field behind an answer that is kept',
    'int has = bpf_core_field_exists(s->gone); if (seen) seen = 3; return has ? s->gone : 0;',
  ],
  [
    'a field behind an answer that is kept over a call',
    'int has = bpf_core_field_exists(s->gone); bpf_get_smp_processor_id(); return has ? s->gone : 0;',
  ],
  ['a function behind a question', 'return bpf_core_field_exists(s->gone) ? global_helper(s) : 0;'],
  ['a field behind what a function is given', 'return helper(s, on);'],
  [
    'a field behind something that is compared twice',
    'if (seen != 4) return 0; long x = seen; if (x == 4) return 0; return 0;',
  ],
];

const SHARED = ['return global_helper(s);', 'return seen ? global_helper(s) : 0;'];
const LOOP = 'for (int i = 0; i < 100; i++) seen += i * mode; return off ? s->gone : 0;';

/** A program that another compiler might have made: its first instruction is another one, or its last. */
function reachedWith(instruction: 'first' | 'last', opcode: number, offset: number): number {
  const patch = new ElfPatch(compileText(`${HEAD}SEC("raw_tp/x") long p(struct s *s) { return seen ? s->gone : 0; }`));
  const at = instruction === 'first' ? 0 : patch.find('raw_tp/x').sizeBytes - 8;
  patch.inSection('raw_tp/x', at, 1, opcode);
  patch.inSection('raw_tp/x', at + 1, 1, 0);
  patch.inSection('raw_tp/x', at + 2, 2, offset & 0xffff);
  const elf = readElf(patch.bytes);
  const object = objectOf(elf);
  const kernel = kernelOf('struct s { int here; } s;');
  return reachPoison({ elf, object, resolved: resolveRelocations({ elf, object, kernel }) }).length;
}

describe('reachPoison()', () => {
  const bodies = [...REACHED, ...UNREACHED].map(([, body]) => body);
  const reachedIn = walker([...bodies, ...SHARED, LOOP]);

  test.each(REACHED.map((one, index) => [...one, index] as const))(
    'reachPoison() comes to %s',
    (_what, _body, reached, index) => {
      expect(reachedIn([index])).toEqual([reached]);
    },
  );

  test.each(UNREACHED.map((one, index) => [...one, REACHED.length + index] as const))(
    'reachPoison() does not come to %s',
    (_what, _body, index) => {
      expect(reachedIn([index])).toEqual([]);
    },
  );

  test('reachPoison() names every program that comes to a function', () => {
    expect(reachedIn([bodies.length, bodies.length + 1])).toEqual(['2 s.gone']);
  });

  test('reachPoison() takes a program that is too large to be walked to come to everything', () => {
    expect(reachedIn([bodies.length + 2])).toEqual([]);
    expect(reachedIn([bodies.length + 2], 200)).toContain('1 s.gone, perhaps');
  });

  test('reachPoison() ends a path where a jump leads out of its function, and where the second half of a load is missing', () => {
    const [JUMP, LOAD_64] = [0x05, 0x18] as const;
    expect(reachedWith('first', JUMP, -2)).toBe(0);
    expect(reachedWith('first', JUMP, 30_000)).toBe(0);
    expect(reachedWith('last', LOAD_64, 0)).toBe(1);
  });
});
