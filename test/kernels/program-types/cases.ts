import type { ProgramSettings, Targets } from '@ebpm/loader';

/** One way to attach a kind of program, what then triggers it, and what must be seen. */
export interface Case {
  /** The kind, as PROGRAM_TYPES names it. */
  readonly type: string;
  /** What is different from the plain case of that kind. */
  readonly variant?: string;
  /** Programs of an object, these and no others are loaded; default: of types.bpf.c. */
  readonly programs: readonly string[];
  readonly object?: 'types' | 'iterators' | 'congestion';
  readonly settings?: Readonly<Record<string, ProgramSettings>>;
  readonly targets?: Targets;
  /** A command for the shell that the programs are run for. Its output is `0` when nobody interferes. */
  readonly trigger: string;
  /** What the trigger prints while the programs are attached; default: `0`. */
  readonly prints?: string;
  /** What the program returned, for a kind that is run when it is attached. */
  readonly returned?: number;
  /** What an iterator's text matches; SELF is the pid of the process that attaches, HELPER that of the helper. */
  readonly text?: string;
  /** A process that is the target of pid 0: it calls the traced function at each signal, or is never idle. */
  readonly helper?: 'serve' | 'spin';
  /** It is run before the trigger too, by time. */
  readonly keepsRunning?: boolean;
  /** A kind that no machine of the lab can have: the kernel's refusal is the expected answer. Says what is missing. */
  readonly impossible?: string;
}

const EPERM = '1';
const ECONNREFUSED = '111';
const CGROUP = '/sys/fs/cgroup/types';
const IFNAME = 'v0';

const UNLINK = '/test/actor unlink';
const CALL = '/test/actor call';
const PING = 'ping -c 1 -W 5 10.9.0.2 >/tmp/ping; echo $?';
const TALK = '/test/actor talk';
const inCgroup = (action: string): string => `/test/actor -g ${CGROUP} ${action}`;
/** Has the kernel call bpf_fentry_test1 and its like. */
const TEST = trialRun('for_test');
/** Longer than a few samples are apart. */
const A_WHILE = 'sleep 0.1; echo 0';

function trialRun(program: string): string {
  return `bpftool prog run name ${program} data_in /test/packet repeat 1 >/tmp/trial 2>&1 && echo 0 || echo failed`;
}

const simple = (type: string, program: string, trigger: string, more: Partial<Case> = {}): Case => ({
  type,
  programs: [program],
  trigger,
  ...more,
});

const ofInterface = (type: string, program: string, more: Partial<Case> = {}): Case =>
  simple(type, program, PING, { targets: { ifname: IFNAME }, ...more });

const ofCgroup = (type: string, program: string, action: string, more: Partial<Case> = {}): Case =>
  simple(type, program, inCgroup(action), { targets: { cgroup: CGROUP }, ...more });

/** A program that may sleep. The one whose trial run triggers it is loaded beside it and attached to nothing. */
const onTest = (type: string, program: string): Case => ({
  type,
  variant: `${type}.s`,
  programs: [program, 'for_test'],
  settings: { for_test: { link: false } },
  trigger: TEST,
  impossible: 'no function that programs which sleep may attach to (CONFIG_FUNCTION_ERROR_INJECTION is not set)',
});

/** An iterator, which is run when its text is read. */
const iterator = (program: string, text: string, more: Partial<Case> = {}): Case =>
  simple('iter', program, 'echo 0', { object: 'iterators', text, ...more });

/** What the documentation has a row for, in its order. */
export const CASES: readonly Case[] = [
  simple('tracepoint', 'on_tracepoint', UNLINK),
  simple('raw_tracepoint', 'on_raw_tracepoint', UNLINK),
  // The program that is run for a trial is loaded beside it and attached to nothing.
  {
    type: 'raw_tracepoint, writable',
    programs: ['on_writable', 'for_trial'],
    settings: { for_trial: { link: false } },
    trigger: trialRun('for_trial'),
    prints: 'failed',
  },
  simple('tp_btf', 'on_tp_btf', UNLINK),
  simple('kprobe', 'on_kprobe', UNLINK),
  simple('kretprobe', 'on_kretprobe', UNLINK),
  { ...simple('ksyscall', 'on_ksyscall', UNLINK), programs: ['on_ksyscall', 'on_kretsyscall'] },
  simple('kprobe.multi', 'on_kprobe_multi', UNLINK),
  simple('uprobe', 'on_uprobe', CALL, { variant: 'by path and symbol' }),
  simple('uprobe', 'on_uprobe', 'kill -USR1 $HELPER; sleep 0.2; echo 0', {
    variant: 'of one process',
    targets: { pid: 0 },
    helper: 'serve',
  }),
  simple('uprobe', 'on_library', 'PPID', { variant: 'by the name of a library' }),
  simple('uprobe', 'on_bare_uprobe', CALL, {
    variant: 'by --target-path',
    targets: { path: '/test/actor' },
    settings: { on_bare_uprobe: { target: { symbol: 'traced_twice' } } },
  }),
  simple('uprobe', 'on_uprobe_s', CALL, { variant: 'uprobe.s' }),
  simple('uretprobe', 'on_uretprobe', CALL),
  simple('uretprobe', 'on_uretprobe_s', CALL, { variant: 'uretprobe.s' }),
  simple('uprobe.multi', 'on_uprobe_multi', CALL),
  simple('uprobe.multi', 'on_uprobe_multi_s', CALL, { variant: 'uprobe.multi.s' }),
  simple('usdt', 'on_usdt', CALL),
  simple('usdt', 'on_usdt_s', CALL, { variant: 'usdt.s' }),
  simple('fentry', 'on_fentry', UNLINK),
  onTest('fentry', 'on_fentry_s'),
  simple('fexit', 'on_fexit', UNLINK),
  onTest('fexit', 'on_fexit_s'),
  simple('fmod_ret', 'on_fmod_ret', UNLINK, { variant: 'security_*', prints: EPERM }),
  onTest('fmod_ret', 'on_fmod_ret_s'),
  simple('lsm', 'on_lsm', UNLINK, { prints: EPERM }),
  simple('lsm', 'on_lsm_s', UNLINK, { variant: 'lsm.s', prints: EPERM }),
  ofCgroup('lsm_cgroup', 'on_lsm_cgroup', 'bind', { prints: EPERM }),
  simple('perf_event', 'on_perf_event', A_WHILE, { variant: 'cpu-clock by frequency', keepsRunning: true }),
  simple('perf_event', 'on_perf_event', A_WHILE, {
    variant: 'cpu-clock by period',
    settings: { on_perf_event: { perf: { event: 'cpu-clock', period: 10_000_000 } } },
    keepsRunning: true,
  }),
  simple('perf_event', 'on_perf_event', A_WHILE, {
    variant: 'of one process',
    settings: { on_perf_event: { perf: { event: 'cpu-clock', period: 1_000_000 } } },
    targets: { pid: 0 },
    helper: 'spin',
    keepsRunning: true,
  }),
  simple('perf_event', 'on_perf_event', A_WHILE, {
    variant: 'hardware counter',
    settings: { on_perf_event: { perf: { event: 'cpu-cycles' } } },
    keepsRunning: true,
    impossible: 'no hardware counters under software emulation',
  }),
  ofInterface('xdp', 'on_xdp'),
  ofInterface('xdp', 'on_xdp', { variant: 'generic mode', settings: { on_xdp: { xdpFlags: 2 } } }),
  ofInterface('xdp', 'on_xdp', { variant: 'driver mode', settings: { on_xdp: { xdpFlags: 4 } } }),
  ofInterface('xdp', 'on_xdp_frags', { variant: 'xdp.frags' }),
  ofInterface('xdp', 'on_xdp', {
    variant: 'offloaded',
    settings: { on_xdp: { xdpFlags: 8 } },
    impossible: 'no interface that takes programs into its hardware',
  }),
  ofInterface('tc', 'on_tc', { variant: 'classic, ingress', settings: { on_tc: { tc: { handle: 1, priority: 1 } } } }),
  ofInterface('tc', 'on_tc', {
    variant: 'classic, egress',
    settings: { on_tc: { tc: { egress: true, handle: 1, priority: 1 } } },
  }),
  ofInterface('tc', 'on_tc', { variant: 'tcx where there is tcx' }),
  ofInterface('tcx', 'on_tcx_ingress', { variant: 'ingress' }),
  ofInterface('tcx', 'on_tcx_egress', { variant: 'egress' }),
  simple('netfilter', 'on_netfilter', PING),
  ofInterface('socket filter', 'on_socket'),
  ofCgroup('cgroup_skb', 'on_cgroup_ingress', 'talk', { variant: 'ingress' }),
  ofCgroup('cgroup_skb', 'on_cgroup_egress', 'talk', { variant: 'egress' }),
  ofCgroup('cgroup sock', 'on_sock_create', 'socket', { variant: 'sock_create', prints: EPERM }),
  ofCgroup('cgroup sock', 'on_sock_release', 'socket', { variant: 'sock_release' }),
  ofCgroup('cgroup sock', 'on_post_bind4', 'bind', { variant: 'post_bind4', prints: EPERM }),
  ofCgroup('cgroup sock', 'on_post_bind6', 'bind 6', { variant: 'post_bind6', prints: EPERM }),
  ofCgroup('cgroup sock_addr', 'on_connect4', 'talk', { variant: 'connect4', prints: EPERM }),
  ofCgroup('cgroup sock_addr', 'on_bind4', 'bind', { variant: 'bind4', prints: EPERM }),
  ofCgroup('cgroup sock_addr', 'on_sendmsg4', 'datagram', { variant: 'sendmsg4', prints: EPERM }),
  ofCgroup('cgroup sock_addr', 'on_recvmsg4', 'datagram', { variant: 'recvmsg4' }),
  ofCgroup('cgroup sock_addr', 'on_getpeername4', 'talk', { variant: 'getpeername4' }),
  ofCgroup('cgroup sock_addr', 'on_getsockname4', 'talk', { variant: 'getsockname4' }),
  ofCgroup('cgroup sock_addr', 'on_connect6', 'talk 6', { variant: 'connect6', prints: EPERM }),
  ofCgroup('cgroup sock_addr', 'on_bind6', 'bind 6', { variant: 'bind6', prints: EPERM }),
  ofCgroup('cgroup sock_addr', 'on_sendmsg6', 'datagram 6', { variant: 'sendmsg6', prints: EPERM }),
  ofCgroup('cgroup sock_addr', 'on_recvmsg6', 'datagram 6', { variant: 'recvmsg6' }),
  ofCgroup('cgroup sock_addr', 'on_getpeername6', 'talk 6', { variant: 'getpeername6' }),
  ofCgroup('cgroup sock_addr', 'on_getsockname6', 'talk 6', { variant: 'getsockname6' }),
  ofCgroup('cgroup unix_addr', 'on_connect_unix', 'talk unix', { variant: 'connect_unix', prints: EPERM }),
  ofCgroup('cgroup unix_addr', 'on_sendmsg_unix', 'datagram unix', { variant: 'sendmsg_unix', prints: EPERM }),
  ofCgroup('cgroup unix_addr', 'on_recvmsg_unix', 'datagram unix', { variant: 'recvmsg_unix' }),
  ofCgroup('cgroup unix_addr', 'on_getpeername_unix', 'talk unix', { variant: 'getpeername_unix' }),
  ofCgroup('cgroup unix_addr', 'on_getsockname_unix', 'talk unix', { variant: 'getsockname_unix' }),
  ofCgroup('cgroup sockopt', 'on_getsockopt', 'get-option', { variant: 'getsockopt', prints: EPERM }),
  ofCgroup('cgroup sockopt', 'on_setsockopt', 'set-option', { variant: 'setsockopt', prints: EPERM }),
  ofCgroup('cgroup device', 'on_device', 'read /dev/zero', { prints: EPERM }),
  ofCgroup('cgroup sysctl', 'on_sysctl', 'read /proc/sys/kernel/hostname', { prints: EPERM }),
  ofCgroup('sockops', 'on_sockops', 'talk'),
  {
    ...ofCgroup('sk_skb', 'fill_sockets', 'talk', { variant: 'parser and stream_verdict' }),
    programs: ['fill_sockets', 'on_parser', 'on_stream_verdict'],
  },
  { ...ofCgroup('sk_skb', '', 'talk', { variant: 'verdict' }), programs: ['fill_sockets', 'on_verdict'] },
  { ...ofCgroup('sk_msg', '', 'talk'), programs: ['fill_sockets', 'on_msg'] },
  simple('sk_lookup', 'on_lookup', TALK, { prints: ECONNREFUSED }),
  simple('flow_dissector', 'on_dissector', PING),
  iterator('on_task', '(^|\\n)SELF node\\n', { variant: 'task' }),
  iterator('on_task_s', '(^|\\n)SELF node\\n', { variant: 'iter.s/task' }),
  iterator('on_task', '^HELPER actor\\n$', {
    variant: 'task, of one process',
    targets: { pid: 0 },
    helper: 'serve',
  }),
  iterator('on_element', '^0=0\\n1=0\\n2=0\\n$', {
    variant: 'bpf_map_elem',
    settings: { on_element: { target: { map: 'elements' } } },
  }),
  iterator('on_cgroup', '^types\\n$', { variant: 'cgroup', targets: { cgroup: CGROUP } }),
  {
    type: 'struct_ops',
    object: 'congestion',
    programs: ['ssthresh', 'cong_avoid', 'undo_cwnd'],
    trigger:
      'grep -q ebpm_cc /proc/sys/net/ipv4/tcp_available_congestion_control && /test/actor congestion ebpm_cc || echo absent',
  },
  simple('syscall', 'on_syscall', 'echo 0', { returned: 7 }),
];
