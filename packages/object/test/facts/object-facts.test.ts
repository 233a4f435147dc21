import { describe, expect, test } from 'vitest';
import { objectFacts } from '../../src/facts/object-facts.js';
import { compileText } from '../compile-text.js';
import { factsOf, programOf } from '../facts-of.js';

const PLACE = { file: 'a.bpf.o', part: 0 };

describe('objectFacts()', () => {
  test('objectFacts() names kernel fields by their path, without flavours, elements and anonymous members', () => {
    const facts = factsOf(`
      struct inner { int deep; int list[4]; } __attribute__((preserve_access_index));
      struct task_struct___5_14 { int pid; struct inner se; union { int a; int b; }; unsigned int flag : 3; }
        __attribute__((preserve_access_index));
      SEC("tp_btf/sched_switch") int p(__u64 *c) {
        struct task_struct___5_14 *task = (void *)c[1];
        int sum = BPF_CORE_READ(task, se.deep) + BPF_CORE_READ(task, se.list[2]) + BPF_CORE_READ(task, b) + task->pid;
        if (bpf_core_field_exists(task->a)) sum++;
        return sum + BPF_CORE_READ_BITFIELD_PROBED(task, flag);
      }
    `);
    expect(programOf(facts, 'p').fields).toEqual([
      'task_struct.b',
      'task_struct.flag',
      'task_struct.pid',
      'task_struct.se.deep',
      'task_struct.se.list',
    ]);
  });

  test('objectFacts() tells reads of named fields from those of any kernel memory', () => {
    const facts = factsOf(`
      struct file { int f_flags; char *data; } __attribute__((preserve_access_index));
      SEC("kprobe/a") int typed(struct pt_regs *c) { struct file *f = (void *)c->rdi; return BPF_CORE_READ(f, f_flags); }
      SEC("kprobe/b") int untyped(struct pt_regs *c) {
        struct file *f = (void *)c->rdi;
        char text[8];
        return bpf_probe_read_kernel(text, 8, BPF_CORE_READ(f, data)) + text[0];
      }
    `);
    expect(programOf(facts, 'typed').helpers).toEqual([{ name: 'probe_read_kernel' }]);
    expect(programOf(facts, 'untyped').helpers).toEqual([{ name: 'probe_read_kernel', untyped: true }]);
  });

  test('objectFacts() tells formats that print text from an address from others', () => {
    const facts = factsOf(`
      SEC("kprobe/a") int numbers(struct pt_regs *c) { bpf_printk("%d 100%% %x", 1, 2); return 0; }
      SEC("kprobe/b") int own_text(struct pt_regs *c) { char b[8] = "abc"; bpf_printk("%s", b); return 0; }
      SEC("kprobe/c") int any_text(struct pt_regs *c) { bpf_printk("%d %s", 1, c->rdi); return 0; }
      SEC("kprobe/d") int many(struct pt_regs *c) { bpf_printk("%d %d %d %s", 1, 2, 3, c->rdi); return 0; }
    `);
    const text = (name: string) => programOf(facts, name).helpers.map((helper) => helper.text ?? false);
    expect(['numbers', 'own_text', 'any_text', 'many'].map(text)).toEqual([[false], [false], [true], [true]]);
  });

  test('objectFacts() lists maps with what they can lock, and data sections among them', () => {
    const { maps } = factsOf(`
      struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
      struct { __uint(type, BPF_MAP_TYPE_PERCPU_HASH); __uint(max_entries, 100); __type(key, __u32); __type(value, __u64);
        __uint(pinning, LIBBPF_PIN_BY_NAME); } counts SEC(".maps");
      struct { __uint(type, BPF_MAP_TYPE_TASK_STORAGE); __uint(map_flags, 1); __type(key, int); __type(value, int); }
        kept SEC(".maps");
      __u64 seen;
      SEC("kprobe/a") int p(void *c) { seen++; bpf_map_delete_elem(&counts, &seen); return (long)&events + (long)&kept; }
    `);
    expect(maps).toMatchObject([
      { name: 'counts', type: 'percpu_hash', keySizeBytes: 4, valueSizeBytes: 8, pinned: true },
      { name: 'events', type: 'ringbuf', maxEntries: 4096, pinned: false },
      { name: 'kept', type: 'task_storage', flags: 1 },
      { name: '.bss', type: 'array', valueSizeBytes: 8, maxEntries: 1 },
    ]);
    const [counts, events, kept] = maps;
    expect(events?.memoryBytes).toBeGreaterThan(4096);
    expect(counts?.memoryPerCpuBytes).toBeGreaterThanOrEqual(800);
    expect(kept).not.toHaveProperty('memoryBytes');
  });

  test('objectFacts() says of a program its type, target, parameters, and whether it sleeps', () => {
    const facts = factsOf(
      'struct linux_binprm; SEC("lsm.s/bprm_check_security") int p(struct linux_binprm *bprm) { return 0; }',
    );
    expect(facts.license).toBe('GPL');
    expect(programOf(facts, 'p')).toMatchObject({
      type: 'lsm',
      attachType: 'lsm_mac',
      target: 'bprm_check_security',
      sleepable: true,
      autoload: true,
      parameters: [{ name: 'bprm', type: 'struct linux_binprm *' }],
      returns: [0],
    });
  });

  test('objectFacts() says that it cannot judge instructions and calls that nobody knows', () => {
    const bytes = compileText('SEC("kprobe/a") int p(void *c) { bpf_get_smp_processor_id(); return 7; }').slice();
    const call = bytes.findIndex((_, at) => at % 8 === 0 && bytes[at] === 0x85 && bytes[at + 4] === 8);
    const withCall = (opcode: number, source: number, id: number) => {
      const changed = bytes.slice();
      changed.set([opcode, source << 4, 0, 0, id], call);
      return objectFacts(changed, PLACE).programs[0];
    };
    expect(withCall(0x8d, 0, 0)?.unknown).toEqual(['instruction 0x8d']);
    expect(withCall(0x85, 3, 0)?.unknown).toEqual(['call']);
    expect(withCall(0x85, 1, 100)?.unknown).toEqual(['call']);
    expect(withCall(0x85, 2, 9)?.kernelFunctions).toEqual([{ name: '#9' }]);
    expect(withCall(0x85, 0, 250)?.helpers).toEqual([{ name: '#250' }]);
  });

  test('objectFacts() of what is no object say that it is not readable', () => {
    expect(objectFacts(new Uint8Array(64), PLACE)).toMatchObject({ readable: false, programs: [], maps: [] });
  });
});
