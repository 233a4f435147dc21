import { describe, expect, test } from 'vitest';
import { compareFacts } from '../../src/permissions/compare-facts.js';
import { factsOf } from '../facts-of.js';

const TYPES = 'struct task_struct { int pid; int tgid; } __attribute__((preserve_access_index));';
const BEFORE = factsOf(`${TYPES}
  const volatile _Bool enabled;
  SEC("tp_btf/sched_switch") int p(__u64 *c) {
    if (enabled) bpf_send_signal(9);
    return ((struct task_struct *)c[1])->pid;
  }`);
const AFTER = factsOf(`${TYPES}
  struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, __u64);
    __uint(pinning, LIBBPF_PIN_BY_NAME); } kept SEC(".maps");
  SEC("tp_btf/sched_switch") int p(__u64 *c) {
    bpf_send_signal(9);
    return ((struct task_struct *)c[1])->tgid;
  }
  SEC("xdp") int x(void *c) { return (long)&kept; }`);

describe('compareFacts()', () => {
  test('compareFacts() tells what came and what went, by class, target, helper, field and map', () => {
    const changes = compareFacts({ objects: [BEFORE] }, { objects: [AFTER] });
    expect(changes.map(({ kind, what, change }) => `${change} ${kind} ${what}`)).toEqual([
      'added class drops-or-redirects-packets',
      'added class outlives-exit',
      'added class sees-network-addresses',
      'added class sees-packet-payload',
      'added target xdp',
      'added helper bpf_send_signal',
      'dropped helper bpf_send_signal, only with enabled',
      'dropped field task_struct.pid',
      'added field task_struct.tgid',
      'added pinned map kept',
    ]);
  });

  test('compareFacts() tells nothing of a package and itself', () => {
    expect(compareFacts({ objects: [AFTER] }, { objects: [AFTER] })).toEqual([]);
  });

  test('compareFacts() tells an object that nobody can read', () => {
    const unreadable = { ...BEFORE, readable: false, programs: [], maps: [] };
    expect(compareFacts({ objects: [] }, { objects: [unreadable] })).toEqual([
      { kind: 'unreadable object', what: 'test.bpf.o', change: 'added' },
    ]);
  });
});
