import { type ProgramKind, programKind } from '@ebpm/object';
import type { Capability } from './capabilities.js';

const TRACING: readonly Capability[] = ['CAP_BPF', 'CAP_PERFMON'];
const NETWORK: readonly Capability[] = ['CAP_BPF', 'CAP_NET_ADMIN'];

/**
 * What loading and attaching a program of each type needs, where `kernel.unprivileged_bpf_disabled` is set, as it is by default.
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/syscall.c (is_net_admin_prog_type, is_perfmon_prog_type)
 */
const NEEDED: Readonly<Partial<Record<ProgramKind['type'], readonly Capability[]>>> = {
  // Only root looks into tracefs, which has the tracepoint's number.
  tracepoint: ['CAP_BPF', 'CAP_PERFMON', 'CAP_DAC_READ_SEARCH'],
  raw_tracepoint: TRACING,
  raw_tracepoint_writable: TRACING,
  kprobe: TRACING,
  perf_event: TRACING,
  tracing: TRACING,
  lsm: TRACING,
  struct_ops: TRACING,
  ext: ['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN'],
  // It filters a packet socket.
  socket_filter: ['CAP_BPF', 'CAP_NET_RAW'],
  // Loading needs CAP_BPF alone, attaching the other.
  cgroup_skb: NETWORK,
  cgroup_sock: NETWORK,
  cgroup_sock_addr: NETWORK,
  cgroup_sockopt: NETWORK,
  cgroup_device: NETWORK,
  cgroup_sysctl: NETWORK,
  sock_ops: NETWORK,
  sk_skb: NETWORK,
  sk_msg: NETWORK,
  sched_cls: NETWORK,
  sched_act: NETWORK,
  xdp: NETWORK,
  flow_dissector: NETWORK,
  netfilter: NETWORK,
};

/**
 * BPF_MAP_TYPE_* of maps that belong to the network: DEVMAP, SOCKMAP, XSKMAP, SOCKHASH, DEVMAP_HASH.
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/syscall.c (map_create)
 */
const NETWORK_MAPS: ReadonlySet<number> = new Set([14, 15, 17, 18, 25]);

/** The capabilities that a process needs for programs of these sections and maps of these types, each once. All need CAP_BPF. */
export function neededCapabilities(
  sections: readonly string[],
  mapTypes: readonly number[] = [],
): readonly Capability[] {
  const ofPrograms = sections.flatMap((section) => NEEDED[programKind(section)?.type ?? 'unspec'] ?? []);
  const ofMaps = mapTypes.some((type) => NETWORK_MAPS.has(type)) ? NETWORK : [];
  return [...new Set<Capability>(['CAP_BPF', ...ofPrograms, ...ofMaps])];
}
