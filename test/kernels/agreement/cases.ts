/** What of a package is broken, or not: its C source behind prelude.h. */
export interface Case {
  readonly name: string;
  readonly source: string;
  /** Default: GPL. */
  readonly license?: string;
}

const raw = (body: string, before = ''): string => `${before}\nRAW long program(unsigned long long *ctx) { ${body} }`;
const at = (section: string, body = 'return 0;', before = ''): string =>
  `${before}\nFN("${section}", program) { ${body} }`;
/** Takes a word for a task. Of a kprobe on x86-64, ctx[13] is rsi, the second argument. */
const readsTask = (word: string): string =>
  `volatile long value = BPF_CORE_READ((struct task_struct *)${word}, pid); return 0;`;
const map = (definition: string): string => `MAP(${definition})\n${raw('return 0;')}`;

/** A buffer of events, and something that is sent through it. */
const RING = 'struct event { int number; }; const struct event *sent; MAP(ring, BPF_MAP_TYPE_RINGBUF, 0, 0, 4096, 0)';
const SEND = 'struct event event = {}; bpf_ringbuf_output(&ring, &event, sizeof(event), 0);';

/** By what they are about. Nearly all break one thing; those that break nothing stand beside them. */
const SOURCES: Readonly<Record<string, string>> = {
  // CO-RE relocations
  core_field: raw('return BPF_CORE_READ(TASK(task_struct), pid);'),
  core_field_gone: raw('return BPF_CORE_READ(TASK(task_struct___gone), no_such_field);'),
  core_field_asked: raw(
    'struct task_struct___gone *task = TASK(task_struct___gone); return bpf_core_field_exists(task->no_such_field) ? BPF_CORE_READ(task, no_such_field) : 0;',
  ),
  core_struct_gone: raw('return BPF_CORE_READ(TASK(no_such_struct), field);'),
  core_struct_asked: raw(
    'return bpf_core_type_exists(struct no_such_struct) ? BPF_CORE_READ(TASK(no_such_struct), field) : 0;',
  ),
  core_field_other: raw('return BPF_CORE_READ(TASK(task_struct___other), pid.inside);'),
  core_array_beyond: raw('return BPF_CORE_READ(TASK(task_struct___long), comm[40]);'),
  core_value_gone: raw('return bpf_core_enum_value(enum no_such_enum, NO_SUCH_VALUE);'),
  core_value_asked: raw(
    'return bpf_core_enum_value_exists(enum no_such_enum, NO_SUCH_VALUE) ? bpf_core_enum_value(enum no_such_enum, NO_SUCH_VALUE) : 0;',
  ),
  core_size_gone: raw('return bpf_core_type_size(struct no_such_struct) + (long)ctx;'),
  core_shut_off: raw('return shut ? BPF_CORE_READ(TASK(task_struct___gone), no_such_field) : 0;'),
  core_perhaps: raw('return bpf_get_prandom_u32() ? BPF_CORE_READ(TASK(task_struct___gone), no_such_field) : 0;'),
  core_in_subprogram: raw(
    'return sub(TASK(task_struct___gone));',
    'static __attribute__((noinline)) long sub(struct task_struct___gone *task) { return BPF_CORE_READ(task, no_such_field); }',
  ),
  core_by_version: raw(
    'return LINUX_KERNEL_VERSION > KERNEL_VERSION(6, 5, 0) ? BPF_CORE_READ(TASK(task_struct___gone), no_such_field) : 0;',
    '#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))',
  ),
  // Helpers
  helper_gone: raw('return HELPER(5000);'),
  helper_gone_shut_off: raw('return shut ? HELPER(5000) : 0;'),
  helper_gone_perhaps: raw('return bpf_get_prandom_u32() ? HELPER(5000) : 0;'),
  helper_gone_in_subprogram: raw(
    'return sub();',
    'static __attribute__((noinline)) long sub(void) { return HELPER(5000); }',
  ),
  helper_gone_in_global: raw(
    'return sub(1);',
    '__attribute__((noinline)) long sub(int number) { return HELPER(5000) + number; }',
  ),
  helper_asked: raw(
    'return bpf_core_enum_value_exists(enum bpf_func_id___newer, BPF_FUNC_no_such_helper) ? HELPER(5000) : 0;',
  ),
  helper_of_packets: raw('char byte; return bpf_skb_load_bytes(ctx, 0, &byte, 1);'),
  helper_of_kprobes: at('tp/sched/sched_process_exec', 'return bpf_get_func_ip(ctx);'),
  helper_of_tracing: raw('__u64 value; return bpf_get_func_arg(ctx, 0, &value);'),
  helper_in_tracing: at('fentry/do_unlinkat', '__u64 value; bpf_get_func_arg(ctx, 0, &value); return 0;'),
  helper_of_xdp: at('tc', 'return bpf_xdp_adjust_head((void *)ctx, 0);'),
  helper_in_xdp: at('xdp', 'return bpf_xdp_adjust_head((void *)ctx, 0) + 2;'),
  helper_of_cgroups: at('xdp', 'return bpf_get_local_storage(0, 0) ? 2 : 1;'),
  helper_under_gpl: raw('bpf_trace_printk("x", 2); return 0;'),
  helper_sleeps: raw('char byte; return bpf_copy_from_user(&byte, 1, 0);'),
  helper_may_sleep: at('iter.s/task', 'char byte; bpf_copy_from_user(&byte, 1, 0); return 0;'),
  helper_of_few_functions: at('fentry/do_unlinkat', 'char path[8]; return bpf_d_path((void *)ctx[0], path, 8);'),
  helper_that_writes: raw('int number = 1; return bpf_probe_write_user((void *)ctx, &number, 4);'),
  helper_that_overrides: at('kprobe/do_unlinkat', 'return bpf_override_return((void *)ctx, 0);'),
  helper_in_lsm: at('lsm/file_open', 'return bpf_get_current_uid_gid() == 1 ? -1 : 0;'),
  helper_of_6_2: raw(
    'return bpf_core_enum_value_exists(enum bpf_func_id___6_2, BPF_FUNC_cgrp_storage_get___6_2) ? 0 : HELPER(5000);',
    'enum bpf_func_id___6_2 { BPF_FUNC_cgrp_storage_get___6_2 = 1 };',
  ),
  // Attach targets
  tp: at('tp/sched/sched_process_exec'),
  tp_gone: at('tp/sched/no_such_event'),
  tp_of_system_call: at('tp/syscalls/sys_enter_kill'),
  tp_of_system_call_gone: at('tp/syscalls/sys_enter_no_such_call'),
  raw_tp_gone: at('raw_tp/no_such_event'),
  tp_btf: at('tp_btf/sched_process_exec'),
  tp_btf_gone: at('tp_btf/no_such_event'),
  fentry: at('fentry/do_unlinkat'),
  fentry_gone: at('fentry/no_such_function'),
  fentry_renamed: at('fentry/vfs_unlink_2'),
  fentry_sleeps: at('fentry.s/do_unlinkat'),
  fexit: at('fexit/do_unlinkat', 'volatile long value = ctx[2]; return 0;'),
  fentry_signature: at('fentry/do_unlinkat', 'volatile long value = ctx[4]; return 0;'),
  fexit_signature: at('fexit/do_unlinkat', 'volatile long value = ctx[3]; return 0;'),
  tp_btf_signature: at('tp_btf/sched_process_exec', 'volatile long value = ctx[3]; return 0;'),
  lsm_signature: at('lsm/file_open', 'volatile long value = ctx[3]; return 0;'),
  // Functions whose arguments are others than the program was written for: the kernel takes it, and it shows nonsense.
  fentry_other_type: at('fentry/do_unlinkat', readsTask('ctx[1]')),
  fentry_number_other_type: at('fentry/do_unlinkat', readsTask('ctx[0]')),
  fexit_other_type: at('fexit/do_unlinkat', readsTask('ctx[1]')),
  tp_btf_other_type: at('tp_btf/sched_process_exec', readsTask('ctx[2]')),
  tp_btf_same_type: at('tp_btf/sched_process_exec', readsTask('ctx[0]')),
  kprobe_other_type: at('kprobe/do_unlinkat', readsTask('ctx[13]')),
  fmod_ret: at('fmod_ret/security_file_open'),
  fmod_ret_elsewhere: at('fmod_ret/do_unlinkat'),
  kprobe: at('kprobe/do_unlinkat'),
  kprobe_gone: at('kprobe/no_such_function'),
  kprobe_forbidden: at('kprobe/kprobe_ftrace_handler'),
  kretprobe_gone: at('kretprobe/no_such_function'),
  kprobe_multi: at('kprobe.multi/do_unlinka?'),
  kprobe_multi_gone: at('kprobe.multi/no_such_*'),
  ksyscall: at('ksyscall/unlinkat'),
  ksyscall_gone: at('ksyscall/no_such_call'),
  lsm: at('lsm/file_open'),
  lsm_gone: at('lsm/no_such_hook'),
  lsm_sleeps: at('lsm.s/file_open'),
  lsm_may_not_sleep: at('lsm.s/task_free'),
  tp_sleeps: at('tp_btf.s/sched_process_exec'),
  uprobe: at('uprobe/libc.so.6:getppid'),
  uprobe_no_file: at('uprobe//no/such/file:main'),
  uprobe_no_symbol: at('uprobe/libc.so.6:no_such_function'),
  usdt_no_file: at('usdt//no/such/file:provider:name'),
  iter: at('iter/task'),
  iter_gone: at('iter/no_such_things'),
  section_unknown: at('no_such_section'),
  freplace: at('freplace/some_function'),
  xdp: at('xdp', 'return 2;'),
  tcx: at('tcx/ingress', 'return -1;'),
  netfilter: at('netfilter', 'return 1;'),
  connect_unix: at('cgroup/connect_unix', 'return 1;'),
  connect4: at('cgroup/connect4', 'return 1;'),
  perf_event: at('perf_event'),
  sk_lookup: at('sk_lookup', 'return 1;'),
  // Records of tracepoints
  record: at('tp/sched/sched_process_exec', 'return *(int *)((char *)ctx + 12);'),
  record_beyond: at('tp/sched/sched_process_exec', 'return *(int *)((char *)ctx + 2000);'),
  record_beyond_shut_off: at('tp/sched/sched_process_exec', 'return shut ? *(int *)((char *)ctx + 2000) : 0;'),
  // Maps
  map_arena: map('arena, 33, 0, 0, 4, 1 << 10'),
  map_unknown: map('unknown, 99, 4, 4, 1, 0'),
  map_hash_no_key: map('hash, BPF_MAP_TYPE_HASH, 0, 4, 1, 0'),
  map_array_key: map('array, BPF_MAP_TYPE_ARRAY, 8, 4, 1, 0'),
  map_ringbuf_flags: map('ring, BPF_MAP_TYPE_RINGBUF, 0, 0, 4096, 1 << 3'),
  map_ringbuf: raw(`${SEND} return 0;`, RING),
  map_user_ringbuf: map('ring, BPF_MAP_TYPE_USER_RINGBUF, 0, 0, 4096, 0'),
  map_bloom_key: map('bloom, BPF_MAP_TYPE_BLOOM_FILTER, 4, 4, 8, 0'),
  map_queue_key: map('queue, BPF_MAP_TYPE_QUEUE, 4, 4, 8, 0'),
  map_lpm_flags: map('lpm, BPF_MAP_TYPE_LPM_TRIE, 8, 4, 8, 0'),
  // Configuration, symbols and kernel functions
  setting: raw('return CONFIG_BPF_SYSCALL;', 'extern bool CONFIG_BPF_SYSCALL __kconfig;'),
  setting_gone: raw('return CONFIG_NO_SUCH_OPTION;', 'extern bool CONFIG_NO_SUCH_OPTION __kconfig;'),
  setting_weak: raw('return CONFIG_NO_SUCH_OPTION;', 'extern bool CONFIG_NO_SUCH_OPTION __kconfig __weak;'),
  setting_type: raw('return CONFIG_HZ;', 'extern bool CONFIG_HZ __kconfig;'),
  setting_guards: raw(
    'return CONFIG_NO_SUCH_OPTION ? HELPER(5000) : 0;',
    'extern bool CONFIG_NO_SUCH_OPTION __kconfig __weak;',
  ),
  setting_leads: raw('return CONFIG_BPF_SYSCALL ? HELPER(5000) : 0;', 'extern bool CONFIG_BPF_SYSCALL __kconfig;'),
  symbol_gone: raw('return (long)&no_such_symbol;', 'extern const void no_such_symbol __ksym;'),
  symbol_weak: raw(
    'return &no_such_symbol ? HELPER(5000) : (long)&bpf_prog_put;',
    'extern const void no_such_symbol __ksym __weak; extern const void bpf_prog_put __ksym;',
  ),
  variable_gone: raw('return (long)bpf_this_cpu_ptr(&no_such_variable);', 'extern const int no_such_variable __ksym;'),
  function_gone: raw('return no_such_function(1);', 'extern int no_such_function(int number) __ksym;'),
  function_asked: raw(
    'return no_such_function ? no_such_function(1) : 0;',
    'extern int no_such_function(int number) __ksym __weak;',
  ),
  function_weak: raw('return no_such_function(1);', 'extern int no_such_function(int number) __ksym __weak;'),
  function_not_for_programs: raw(
    'return vfs_fsync(0, 1);',
    'struct file; extern int vfs_fsync(struct file *file, int datasync) __ksym;',
  ),
  function_signature: raw('return vfs_fsync();', 'extern int vfs_fsync(void) __ksym;'),
  function_of_6_2: at(
    'tp_btf/sched_process_exec',
    'bpf_rcu_read_lock(); bpf_rcu_read_unlock(); return 0;',
    'extern void bpf_rcu_read_lock(void) __ksym; extern void bpf_rcu_read_unlock(void) __ksym;',
  ),
  // Tables of functions
  table_member_gone: table(
    'struct tcp_congestion_ops { unsigned (*ssthresh)(void *); void (*no_such_member)(void *); char name[16]; };',
    '.ssthresh = (void *)program, .no_such_member = (void *)program, .name = "ebpm_a"',
  ),
  table_gone: table(
    'struct no_such_ops { unsigned (*ssthresh)(void *); };',
    '.ssthresh = (void *)program',
    'no_such_ops',
  ),
  table_not_for_programs: table(
    'struct file_operations { unsigned (*llseek)(void *); };',
    '.llseek = (void *)program',
    'file_operations',
  ),
  // What only the verifier knows
  verifier_bounds: raw('return *(long *)(ctx[0] + 8);'),
  verifier_map_of_helper: raw(
    'return (long)bpf_ringbuf_reserve(&hash, 8, 0);',
    'MAP(hash, BPF_MAP_TYPE_HASH, 4, 4, 1, 0)',
  ),
  verifier_leak: raw(`${SEND} bpf_ringbuf_reserve(&ring, 8, 0); return 0;`, RING),
  verifier_return: at('tp_btf/sched_process_exec', 'return 7;'),
};

function table(struct: string, values: string, type = 'tcp_congestion_ops'): string {
  const program = 'SEC("struct_ops/ssthresh") unsigned program(unsigned long long *ctx) { return 2; }';
  return `${struct}\n${program}\nSEC(".struct_ops") struct ${type} table = { ${values} };`;
}

/** Every object that check and the kernel are asked about. */
export const CASES: readonly Case[] = Object.entries(SOURCES).map(([name, source]) => ({
  name,
  source,
  ...(name === 'helper_under_gpl' && { license: 'Proprietary' }),
}));
