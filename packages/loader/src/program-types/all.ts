import type { ProgramKind } from '@ebpm/object';
import { CGROUP_DEVICE } from './cgroup-device.js';
import { CGROUP_SKB } from './cgroup-skb.js';
import { CGROUP_SOCK } from './cgroup-sock.js';
import { CGROUP_SOCK_ADDR } from './cgroup-sock-addr.js';
import { CGROUP_SOCKOPT } from './cgroup-sockopt.js';
import { CGROUP_SYSCTL } from './cgroup-sysctl.js';
import { CGROUP_UNIX_ADDR } from './cgroup-unix-addr.js';
import { FENTRY } from './fentry.js';
import { FEXIT } from './fexit.js';
import { FLOW_DISSECTOR } from './flow-dissector.js';
import { FMOD_RET } from './fmod-ret.js';
import { ITER } from './iter.js';
import { KPROBE } from './kprobe.js';
import { KPROBE_MULTI } from './kprobe-multi.js';
import { KRETPROBE } from './kretprobe.js';
import { KSYSCALL } from './ksyscall.js';
import { LSM } from './lsm.js';
import { LSM_CGROUP } from './lsm-cgroup.js';
import { NETFILTER } from './netfilter.js';
import { PERF_EVENT } from './perf-event.js';
import type { ProgramType } from './program-type.js';
import { RAW_TRACEPOINT } from './raw-tracepoint.js';
import { RAW_TRACEPOINT_WRITABLE } from './raw-tracepoint-writable.js';
import { SK_LOOKUP } from './sk-lookup.js';
import { SK_MSG } from './sk-msg.js';
import { SK_SKB } from './sk-skb.js';
import { SOCKET_FILTER } from './socket-filter.js';
import { SOCKOPS } from './sockops.js';
import { STRUCT_OPS } from './struct-ops.js';
import { SYSCALL } from './syscall.js';
import { TC } from './tc.js';
import { TCX } from './tcx.js';
import { TP_BTF } from './tp-btf.js';
import { TRACEPOINT } from './tracepoint.js';
import { UPROBE } from './uprobe.js';
import { UPROBE_MULTI } from './uprobe-multi.js';
import { URETPROBE } from './uretprobe.js';
import { USDT } from './usdt.js';
import { XDP } from './xdp.js';

/** Every kind of program that ebpm attaches, in the order of the documentation. */
export const PROGRAM_TYPES: readonly ProgramType[] = [
  TRACEPOINT,
  RAW_TRACEPOINT,
  RAW_TRACEPOINT_WRITABLE,
  TP_BTF,
  KPROBE,
  KRETPROBE,
  KSYSCALL,
  KPROBE_MULTI,
  UPROBE,
  URETPROBE,
  UPROBE_MULTI,
  USDT,
  FENTRY,
  FEXIT,
  FMOD_RET,
  LSM,
  LSM_CGROUP,
  PERF_EVENT,
  XDP,
  TC,
  TCX,
  NETFILTER,
  SOCKET_FILTER,
  CGROUP_SKB,
  CGROUP_SOCK,
  CGROUP_SOCK_ADDR,
  CGROUP_UNIX_ADDR,
  CGROUP_SOCKOPT,
  CGROUP_DEVICE,
  CGROUP_SYSCTL,
  SOCKOPS,
  SK_SKB,
  SK_MSG,
  SK_LOOKUP,
  FLOW_DISSECTOR,
  ITER,
  STRUCT_OPS,
  SYSCALL,
];

/** The row of a kind of program; undefined for one that ebpm does not attach. */
export function programTypeOf({ prefix }: Pick<ProgramKind, 'prefix'>): ProgramType | undefined {
  return PROGRAM_TYPES.find(({ prefixes }) => prefixes.includes(prefix));
}
