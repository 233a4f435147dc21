import { describe, expect, test } from 'vitest';
import { PERMISSION_CLASSES, type PermissionClass } from '../../src/permissions/permission-class.js';
import { factsOf, permissionsOf } from '../facts-of.js';

/** For each class an object that has it, the evidence that there must be, and what else comes with it. */
const OBJECTS: readonly (readonly [PermissionClass, string, string, ...PermissionClass[]])[] = [
  [
    'reads-user-memory',
    'p: helper bpf_probe_read_user',
    'SEC("uprobe/libssl.so.3:SSL_write") int p(struct pt_regs *c) { char b[8]; return bpf_probe_read_user(b, 8, (void *)c->rsi) + b[0]; }',
  ],
  [
    'reads-kernel-memory',
    'p: helper bpf_probe_read_kernel',
    'SEC("kprobe/vfs_fsync") int p(struct pt_regs *c) { char b[8]; return bpf_probe_read_kernel(b, 8, (void *)c->rdi) + b[0]; }',
  ],
  [
    'sees-process-arguments',
    'p: field mm_struct.arg_start',
    `struct mm_struct { unsigned long arg_start; } __attribute__((preserve_access_index));
     SEC("raw_tp/sched_switch") int p(void *c) { struct mm_struct *m = *(void **)c; return BPF_CORE_READ(m, arg_start) != 0; }`,
    'reads-kernel-memory',
  ],
  [
    'sees-file-paths',
    'p: helper bpf_d_path',
    'SEC("fentry/filp_close") int p(__u64 *c) { char b[8]; return bpf_d_path((void *)c[0], b, 8) + b[0]; }',
  ],
  [
    'sees-network-addresses',
    'p: type cgroup_sock_ops',
    'SEC("sockops") int p(struct bpf_sock_ops *c) { return c->remote_ip4 != 0; }',
  ],
  [
    'sees-packet-payload',
    'p: type socket_filter',
    'SEC("socket") int p(void *c) { return 0; }',
    'sees-network-addresses',
  ],
  [
    'changes-packets',
    'p: helper bpf_skb_store_bytes',
    'SEC("tc/ingress") int p(struct __sk_buff *c) { bpf_skb_store_bytes(c, 0, "x", 1, 0); return 0; }',
    'sees-packet-payload',
    'sees-network-addresses',
  ],
  [
    'drops-or-redirects-packets',
    'p: type xdp',
    'SEC("xdp") int p(struct xdp_md *c) { return c->ingress_ifindex == 1 ? XDP_DROP : XDP_PASS; }',
    'sees-packet-payload',
    'sees-network-addresses',
  ],
  [
    'overrides-return-values',
    'p: helper bpf_override_return',
    'SEC("kprobe/should_failslab") int p(struct pt_regs *c) { return bpf_override_return(c, -12); }',
  ],
  [
    'writes-user-memory',
    'p: helper bpf_probe_write_user',
    'SEC("kprobe/vfs_fsync") int p(struct pt_regs *c) { char b[8] = {}; return bpf_probe_write_user((void *)c->rdi, b, 8); }',
  ],
  ['sends-signals', 'p: helper bpf_send_signal', 'SEC("perf_event") int p(void *c) { return bpf_send_signal(9); }'],
  ['denies-operations', 'p: type lsm_mac', 'SEC("lsm/task_kill") int p(__u64 *c) { return c[0] == 1 ? -1 : 0; }'],
  [
    'changes-scheduling',
    'struct sched_ext_ops ops',
    `struct sched_ext_ops { int (*init)(void); };
     SEC("struct_ops/init") int init(void *c) { return 0; }
     SEC(".struct_ops.link") struct sched_ext_ops ops = { .init = (void *)init };`,
    'outlives-exit',
  ],
  ['loads-bpf', 'p: helper bpf_sys_bpf', 'SEC("syscall") int p(void *c) { return bpf_sys_bpf(0, c, 8); }'],
  [
    'outlives-exit',
    'map kept',
    `struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, __u64);
       __uint(pinning, LIBBPF_PIN_BY_NAME); } kept SEC(".maps");
     SEC("perf_event") int p(void *c) { __u32 k = 0; return bpf_map_lookup_elem(&kept, &k) != 0; }`,
  ],
];

describe('judge()', () => {
  const cases = OBJECTS.map(([permission, evidence, text, ...others]) => ({ permission, evidence, text, others }));
  test.each(cases)('judge() finds $permission by $evidence', ({ permission, evidence, text, others }) => {
    const found = permissionsOf(factsOf(text));
    expect(found.get(permission)).toContain(evidence);
    expect([...found.keys()].sort()).toEqual([permission, ...others].sort());
  });

  test('judge() has an object above for each class', () => {
    expect(OBJECTS.map(([permission]) => permission)).toEqual(Object.keys(PERMISSION_CLASSES));
  });

  test('judge() finds nothing in a program that only counts', () => {
    const counter = 'static __u64 n; SEC("tp/sched/sched_switch") int p(void *c) { n++; return 0; }';
    expect(permissionsOf(factsOf(counter)).size).toBe(0);
  });
});
