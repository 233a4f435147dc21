import { describe, expect, test } from 'vitest';
import { factsOf, permissionsOf, programOf } from '../facts-of.js';

const ARRAYS = `
  SEC("kprobe/a") int target(void *c) { return bpf_send_signal(9); }
  SEC("kprobe/b") int harmless(void *c) { return bpf_get_smp_processor_id(); }
  SEC("xdp") int other_type(struct xdp_md *c) { bpf_redirect(1, 0); return 2; }
  struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); }
    empty SEC(".maps");
  struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __array(values, int(void *)); }
    filled SEC(".maps") = { .values = { [1] = (void *)&harmless } };
  SEC("kprobe/c") int through_empty(void *c) { bpf_tail_call(c, &empty, 0); return 0; }
  SEC("kprobe/d") int through_filled(void *c) { bpf_tail_call(c, &filled, 1); return 0; }
`;

const names = (program: { readonly helpers: readonly { readonly name: string }[] }) =>
  program.helpers.map(({ name }) => name);

describe('objectFacts() follows', () => {
  test('calls of subprograms, however deep and however often', () => {
    const facts = factsOf(`
      static __noinline int deepest(int a) { return bpf_send_signal(a); }
      static __noinline int deeper(int a) { return a > 3 ? deepest(a) : 0; }
      __noinline int deep(int a) { return deeper(a) + deeper(a + 1); }
      static __noinline __attribute__((used)) int unused(int a) { return bpf_override_return((void *)0, a); }
      SEC("perf_event") int p(struct pt_regs *c) { return deep(c->rdi); }
    `);
    expect(names(programOf(facts, 'p'))).toEqual(['send_signal']);
  });

  test('functions that are handed to the kernel to be called back', () => {
    const facts = factsOf(`
      static long called(__u32 i, void *c) { return bpf_send_signal(9); }
      SEC("perf_event") int p(void *c) { return bpf_loop(10, called, (void *)0, 0); }
    `);
    expect(names(programOf(facts, 'p'))).toEqual(['send_signal', 'loop']);
  });

  test('tail calls through an array that the object fills to what is in it', () => {
    const program = programOf(factsOf(ARRAYS), 'through_filled');
    expect(program.tailCalls).toEqual(['harmless']);
    expect(names(program)).toEqual(['get_smp_processor_id', 'tail_call']);
  });

  test('tail calls through an empty array to every program of the type', () => {
    const program = programOf(factsOf(ARRAYS), 'through_empty');
    expect(program.tailCalls).toEqual(['target', 'harmless', 'through_empty', 'through_filled']);
    expect(names(program)).toEqual(['get_smp_processor_id', 'tail_call', 'send_signal']);
  });

  test('kernel functions and variables, without their flavours', () => {
    const facts = factsOf(`
      extern int bpf_rdonly_cast___mine(void *, int) __ksym;
      extern const int runqueues __ksym;
      SEC("tp_btf/sched_switch") int p(__u64 *c) { return bpf_rdonly_cast___mine((void *)c[0], 1) + (long)&runqueues; }
    `);
    expect(programOf(facts, 'p')).toMatchObject({
      kernelFunctions: [{ name: 'bpf_rdonly_cast' }],
      kernelVariables: ['runqueues'],
    });
  });
});

describe('objectFacts() marks', () => {
  const facts = factsOf(`
    const volatile _Bool enabled;
    const volatile int level = 1;
    int changing;
    static __noinline int act(int a) { return bpf_send_signal(a); }
    SEC("perf_event") int behind_one(struct pt_regs *c) { return enabled ? bpf_send_signal(9) : 0; }
    SEC("perf_event") int behind_two(struct pt_regs *c) { return enabled && level > 3 ? bpf_send_signal(9) : 0; }
    SEC("perf_event") int in_subprogram(struct pt_regs *c) { return enabled ? act(c->rdi) : 0; }
    SEC("perf_event") int on_both_sides(struct pt_regs *c) {
      if (enabled) bpf_send_signal(9); else { bpf_get_smp_processor_id(); bpf_send_signal(10); }
      return 0;
    }
    SEC("perf_event") int once_without(struct pt_regs *c) {
      if (enabled) bpf_send_signal(9);
      if (c->rdi) bpf_send_signal(10);
      return 0;
    }
    SEC("perf_event") int behind_variable(struct pt_regs *c) { return changing ? bpf_send_signal(9) : 0; }
    SEC("perf_event") int behind_argument(struct pt_regs *c) { return c->rdi == level ? bpf_send_signal(9) : 0; }
  `);
  const behind = (name: string) =>
    programOf(facts, name).helpers.find((helper) => helper.name === 'send_signal')?.behind;

  test.each([
    ['behind_one', ['enabled']],
    ['behind_two', ['enabled', 'level']],
    ['in_subprogram', ['enabled']],
    ['on_both_sides', undefined],
    ['once_without', undefined],
    ['behind_variable', undefined],
    ['behind_argument', undefined],
  ])('helpers behind a constant global, and only those: %s', (name, globals) => {
    expect(behind(name)).toEqual(globals);
  });

  test('the permission with the global that it depends on', () => {
    expect(permissionsOf(facts).get('sends-signals')).toContain('behind_one: helper bpf_send_signal');
  });
});

describe('objectFacts() finds in', () => {
  test('a program that is not loaded by itself what it would do', () => {
    const facts = factsOf('SEC("?perf_event") int spare(void *c) { return bpf_send_signal(9); }');
    expect(programOf(facts, 'spare')).toMatchObject({ autoload: false, type: 'perf_event' });
    expect(permissionsOf(facts).get('sends-signals')).toEqual(['spare: helper bpf_send_signal']);
  });

  test('a program of an unknown section what it would do', () => {
    const facts = factsOf('SEC("elsewhere") int spare(void *c) { return bpf_send_signal(9); }');
    expect(permissionsOf(facts).get('sends-signals')).toEqual(['spare: helper bpf_send_signal']);
  });
});
