import type { ProgramSettings, Targets } from '@ebpm/loader';

/** One way to attach a kind of program, what then triggers it, and what must be seen. */
export interface Case {
  /** The kind, as PROGRAM_TYPES names it. */
  readonly type: string;
  /** What is different from the plain case of that kind. */
  readonly variant?: string;
  /** Programs of types.bpf.c, or of congestion.bpf.c: these and no others are loaded. */
  readonly programs: readonly string[];
  readonly object?: 'types' | 'congestion';
  readonly settings?: Readonly<Record<string, ProgramSettings>>;
  readonly targets?: Targets;
  /** A command for the shell that the programs are run for. Its output is `0` when nobody interferes. */
  readonly trigger: string;
  /** What the trigger prints while the programs are attached; default: `0`. */
  readonly prints?: string;
  /** What only this kind shows, besides being run. */
  readonly look?: 'iterator' | 'returned';
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

/** What the documentation has a row for, in its order. */
export const CASES: readonly Case[] = [
  simple('tracepoint', 'on_tracepoint', UNLINK),
  simple('raw_tracepoint', 'on_raw_tracepoint', UNLINK),
  // The program that is run for a trial is loaded beside it and attached to nothing.
  {
    type: 'raw_tracepoint, writable',
    programs: ['on_writable', 'for_trial'],
    settings: { for_trial: { link: false } },
    trigger: 'bpftool prog run name for_trial data_in /test/packet repeat 1 >/tmp/trial 2>&1 && echo 0 || echo failed',
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
  }),
  simple('uprobe', 'on_library', 'PPID', { variant: 'by the name of a library' }),
  simple('uprobe', 'on_bare_uprobe', CALL, {
    variant: 'by --target-path',
    targets: { path: '/test/actor' },
    settings: { on_bare_uprobe: { target: { symbol: 'traced_twice' } } },
  }),
  simple('uretprobe', 'on_uretprobe', CALL),
  simple('uprobe.multi', 'on_uprobe_multi', CALL),
  simple('usdt', 'on_usdt', CALL),
  simple('fentry', 'on_fentry', UNLINK),
  simple('fexit', 'on_fexit', UNLINK),
  simple('fmod_ret', 'on_fmod_ret', UNLINK, { variant: 'security_*', prints: EPERM }),
  simple('lsm', 'on_lsm', UNLINK, { prints: EPERM }),
  ofCgroup('lsm_cgroup', 'on_lsm_cgroup', 'bind', { prints: EPERM }),
  simple('perf_event', 'on_perf_event', 'sleep 0.5; echo 0', { variant: 'cpu-clock by frequency', keepsRunning: true }),
  simple('perf_event', 'on_perf_event', 'sleep 0.5; echo 0', {
    variant: 'cpu-clock by period',
    settings: { on_perf_event: { perf: { event: 'cpu-clock', period: 10_000_000 } } },
    keepsRunning: true,
  }),
  simple('perf_event', 'on_perf_event', 'sleep 0.5; echo 0', {
    variant: 'hardware counter',
    settings: { on_perf_event: { perf: { event: 'cpu-cycles' } } },
    keepsRunning: true,
    impossible: 'no hardware counters under software emulation',
  }),
  ofInterface('xdp', 'on_xdp'),
  ofInterface('xdp', 'on_xdp', { variant: 'generic mode', settings: { on_xdp: { xdpFlags: 2 } } }),
  ofInterface('xdp', 'on_xdp', { variant: 'driver mode', settings: { on_xdp: { xdpFlags: 4 } } }),
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
  ofCgroup('cgroup sock', 'on_post_bind4', 'bind', { variant: 'post_bind4', prints: EPERM }),
  ofCgroup('cgroup sock_addr', 'on_connect4', 'talk', { variant: 'connect4', prints: EPERM }),
  ofCgroup('cgroup sock_addr', 'on_bind4', 'bind', { variant: 'bind4', prints: EPERM }),
  ofCgroup('cgroup sockopt', 'on_setsockopt', 'option', { variant: 'setsockopt', prints: EPERM }),
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
  simple('iter', 'on_task', 'echo 0', { look: 'iterator' }),
  {
    type: 'struct_ops',
    object: 'congestion',
    programs: ['ssthresh', 'cong_avoid', 'undo_cwnd'],
    trigger:
      'grep -q ebpm_cc /proc/sys/net/ipv4/tcp_available_congestion_control && /test/actor talk ebpm_cc || echo absent',
  },
  simple('syscall', 'on_syscall', 'echo 0', { look: 'returned' }),
];
