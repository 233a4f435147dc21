import { type ProgramType, programKind } from '@ebpm/object';

/** A release of the kernel, as two numbers: 5.10 is `{major: 5, minor: 10}`. */
export interface KernelRelease {
  readonly major: number;
  readonly minor: number;
}

/**
 * The first release that has the program type, upstream.
 * @see https://github.com/iovisor/bcc/blob/v0.31.0/docs/kernel-versions.md#program-types
 */
const TYPE_SINCE: Readonly<Partial<Record<ProgramType, string>>> = {
  socket_filter: '3.19',
  kprobe: '4.1',
  sched_cls: '4.1',
  sched_act: '4.1',
  tracepoint: '4.7',
  xdp: '4.8',
  perf_event: '4.9',
  cgroup_skb: '4.10',
  cgroup_sock: '4.10',
  lwt_in: '4.10',
  lwt_out: '4.10',
  lwt_xmit: '4.10',
  sock_ops: '4.13',
  sk_skb: '4.14',
  cgroup_device: '4.15',
  sk_msg: '4.17',
  raw_tracepoint: '4.17',
  cgroup_sock_addr: '4.17',
  lwt_seg6local: '4.18',
  lirc_mode2: '4.18',
  sk_reuseport: '4.19',
  flow_dissector: '4.20',
  cgroup_sysctl: '5.2',
  raw_tracepoint_writable: '5.2',
  cgroup_sockopt: '5.3',
  tracing: '5.5',
  struct_ops: '5.6',
  ext: '5.6',
  lsm: '5.7',
  sk_lookup: '5.9',
  syscall: '5.14',
  netfilter: '6.4',
};

/** Sections that need a later release than their program type, by libbpf's name of them. */
const SECTION_SINCE: Readonly<Record<string, string>> = {
  'xdp/devmap': '5.8',
  'xdp/cpumap': '5.9',
  'xdp.frags': '5.18',
  iter: '5.8',
  'iter.s': '5.18',
  'fentry.s': '5.10',
  'fexit.s': '5.10',
  'fmod_ret.s': '5.10',
  'lsm.s': '5.10',
  'kprobe.multi': '5.18',
  'kretprobe.multi': '5.18',
  lsm_cgroup: '6.0',
  'tcx/ingress': '6.6',
  'tcx/egress': '6.6',
  'uprobe.multi': '6.6',
  'uretprobe.multi': '6.6',
  'uprobe.multi.s': '6.6',
  'uretprobe.multi.s': '6.6',
  'netkit/primary': '6.7',
  'netkit/peer': '6.7',
};

/**
 * The oldest kernel that a package is for: what its author claims, else what its programs need upstream; undefined where neither says
 * anything.
 * @param claim `kernel` of the manifest, such as `>=5.8`
 * @param sections libbpf's names of the programs' sections
 */
export function oldestKernel(claim: unknown, sections: readonly string[]): KernelRelease | undefined {
  const claimed = typeof claim === 'string' ? parseRelease(/^>=(\d+\.\d+)/.exec(claim)?.[1]) : undefined;
  if (claimed !== undefined) return claimed;
  const needed = sections.map(sectionSince).filter((release) => release !== undefined);
  return needed.sort(compareReleases).at(-1);
}

/** `5.10` as numbers; undefined for anything else. */
export function parseRelease(text: string | undefined): KernelRelease | undefined {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,4})$/.exec(text ?? '') ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

function sectionSince(section: string): KernelRelease | undefined {
  const type = programKind(section)?.type;
  return parseRelease(SECTION_SINCE[section] ?? (type && TYPE_SINCE[type]));
}

function compareReleases(a: KernelRelease, b: KernelRelease): number {
  return a.major - b.major || a.minor - b.minor;
}
