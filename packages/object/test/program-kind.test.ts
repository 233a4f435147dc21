import { describe, expect, test } from 'vitest';
import { programKind } from '../src/program-kind.js';
import { PROGRAM_SECTIONS } from '../src/program-sections.js';
import { ATTACH_TYPES, PROGRAM_TYPES } from '../src/program-types.js';

describe('programKind()', () => {
  test.each([
    [
      'tp/sched/sched_process_exec',
      'tracepoint',
      5,
      { kind: 'tracepoint', category: 'sched', event: 'sched_process_exec' },
    ],
    [
      'tracepoint/syscalls/sys_enter_kill',
      'tracepoint',
      5,
      { kind: 'tracepoint', category: 'syscalls', event: 'sys_enter_kill' },
    ],
    ['kprobe/do_unlinkat', 'kprobe', 2, { kind: 'kernel_function', symbol: 'do_unlinkat', offsetBytes: 0 }],
    ['kprobe/do_unlinkat+0x1f', 'kprobe', 2, { kind: 'kernel_function', symbol: 'do_unlinkat', offsetBytes: 31 }],
    ['kprobe/do_unlinkat+010', 'kprobe', 2, { kind: 'kernel_function', symbol: 'do_unlinkat', offsetBytes: 8 }],
    ['kretprobe/do_unlinkat', 'kprobe', 2, { kind: 'kernel_function', symbol: 'do_unlinkat', offsetBytes: 0 }],
    ['kprobe.multi/tcp_*', 'kprobe', 2, { kind: 'kernel_pattern', pattern: 'tcp_*' }],
    ['kprobe.session/tcp_?', 'kprobe', 2, { kind: 'kernel_pattern', pattern: 'tcp_?' }],
    ['ksyscall/unlinkat', 'kprobe', 2, { kind: 'syscall', syscall: 'unlinkat' }],
    [
      'uprobe//bin/bash:readline',
      'kprobe',
      2,
      { kind: 'user_function', path: '/bin/bash', symbol: 'readline', offsetBytes: 0 },
    ],
    [
      'uretprobe/libc.so.6:malloc@GLIBC_2.2.5',
      'kprobe',
      2,
      { kind: 'user_function', path: 'libc.so.6', symbol: 'malloc@GLIBC_2.2.5', offsetBytes: 0 },
    ],
    ['uprobe.s/bash:main+12', 'kprobe', 2, { kind: 'user_function', path: 'bash', symbol: 'main', offsetBytes: 12 }],
    [
      'uprobe/bash:operator+',
      'kprobe',
      2,
      { kind: 'user_function', path: 'bash', symbol: 'operator+', offsetBytes: 0 },
    ],
    ['uprobe.multi/bash:read*', 'kprobe', 2, { kind: 'user_pattern', path: 'bash', pattern: 'read*' }],
    [
      'usdt//lib/libc.so.6:libc:setjmp',
      'kprobe',
      2,
      { kind: 'usdt', path: '/lib/libc.so.6', provider: 'libc', name: 'setjmp' },
    ],
    ['raw_tp/sys_enter', 'raw_tracepoint', 17, { kind: 'raw_tracepoint', event: 'sys_enter' }],
    [
      'raw_tracepoint.w/nbd_send_request',
      'raw_tracepoint_writable',
      24,
      { kind: 'raw_tracepoint', event: 'nbd_send_request' },
    ],
    ['tp_btf/sched_switch', 'tracing', 26, { kind: 'raw_tracepoint', event: 'sched_switch' }],
    ['fentry/vfs_read', 'tracing', 26, { kind: 'traced_function', symbol: 'vfs_read', module: undefined }],
    [
      'fexit.s/nf_conntrack:nf_ct_get',
      'tracing',
      26,
      { kind: 'traced_function', symbol: 'nf_ct_get', module: 'nf_conntrack' },
    ],
    ['freplace/classify', 'ext', 28, { kind: 'program_function', symbol: 'classify' }],
    ['lsm/file_open', 'lsm', 29, { kind: 'lsm_hook', hook: 'file_open' }],
    ['iter/task_file', 'tracing', 26, { kind: 'iterator', iterator: 'task_file' }],
  ])('programKind() of %s says what it is attached to', (section, type, typeNumber, attach) => {
    expect(programKind(section)).toMatchObject({ type, typeNumber, attach, autoAttach: true, autoload: true });
  });

  test.each([
    ['kprobe', 'kprobe', 2, ''],
    ['xdp', 'xdp', 6, 'xdp'],
    ['xdp.frags/devmap', 'xdp', 6, 'xdp_devmap'],
    ['tc', 'sched_cls', 3, ''],
    ['tcx/ingress', 'sched_cls', 3, 'tcx_ingress'],
    ['socket', 'socket_filter', 1, ''],
    ['cgroup/connect4', 'cgroup_sock_addr', 18, 'cgroup_inet4_connect'],
    ['cgroup_skb/egress', 'cgroup_skb', 8, 'cgroup_inet_egress'],
    ['sk_skb/stream_parser', 'sk_skb', 14, 'sk_skb_stream_parser'],
    ['lsm_cgroup/socket_bind', 'lsm', 29, 'lsm_cgroup'],
    ['struct_ops/init', 'struct_ops', 27, ''],
    ['perf_event', 'perf_event', 7, ''],
    ['flow_dissector', 'flow_dissector', 22, 'flow_dissector'],
    ['netfilter', 'netfilter', 32, 'netfilter'],
    ['usdt.s/bash:a:b', 'kprobe', 2, ''],
  ])('programKind() of %s is not attached by its name', (section, type, typeNumber, attachType) => {
    expect(programKind(section)).toMatchObject({
      type,
      typeNumber,
      attachType: attachType === '' ? undefined : attachType,
      autoAttach: false,
    });
  });

  test.each([
    'kprobe/',
    'kprobe/a b',
    'kprobe/a+',
    'kretprobe/a+1',
    'uretprobe/b:a+1',
    'uprobe/bash',
    'uprobe/:main',
    'uprobe/b:',
    'usdt/a:b',
    'usdt/a:b:c:d',
    'tp/sched',
    'tp//x',
    'fentry/m:',
    'kprobe.multi/a-b',
  ])('programKind() of %s knows the program, but not what it is for', (section) => {
    expect(programKind(section)).toMatchObject({ attach: undefined, autoAttach: false });
  });

  test('programKind() has the numbers that the kernel uses', () => {
    expect(programKind('fentry/a')?.expectedAttachType).toBe(24);
    expect(programKind('kprobe.session/a')?.expectedAttachType).toBe(56);
    expect(programKind('netkit/peer')?.expectedAttachType).toBe(55);
    expect(programKind('tc')?.expectedAttachType).toBe(0);
  });

  test('programKind() sees a program that is not loaded by itself', () => {
    expect(programKind('?lsm.s/bpf')).toMatchObject({
      prefix: 'lsm.s',
      autoload: false,
      sleepable: true,
      autoAttach: true,
    });
    expect(programKind('lsm/bpf')?.sleepable).toBe(false);
  });

  test.each(['', '?', 'kprobes', 'kprobe.', 'xdp/', 'tc/other', 'cgroup/', 'TP/a/b', '??tc'])(
    'programKind() does not know %j',
    (section) => {
      expect(programKind(section)).toBeUndefined();
    },
  );

  test('programKind() knows every name of the table by itself', () => {
    expect(PROGRAM_SECTIONS.length).toBe(101);
    for (const [pattern, type, attachType] of PROGRAM_SECTIONS) {
      const prefix = pattern.replace('+', '');
      expect(programKind(prefix)).toMatchObject({ prefix, type });
      expect(PROGRAM_TYPES).toContain(type);
      if (attachType !== '') expect(ATTACH_TYPES).toContain(attachType);
    }
  });
});
