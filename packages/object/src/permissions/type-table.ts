import type { ProgramFacts } from '@ebpm/formats';
import type { PermissionClass } from './permission-class.js';

/**
 * What a program may do by its type alone: by what it is handed, and by what the kernel does with the number that it returns. `harmless`
 * are the numbers with which the kernel goes on as if there were no program: where a program provably returns no others, it does not
 * have the classes of its verdict.
 */
export interface TypePowers {
  /** What it sees in any case. */
  readonly sees: readonly PermissionClass[];
  readonly verdict?: { readonly classes: readonly PermissionClass[]; readonly harmless: readonly number[] };
  /** What it does when it writes to its context. */
  readonly byContext?: readonly PermissionClass[];
  /** What it does when it writes to memory that is not its own. */
  readonly byWriting?: readonly PermissionClass[];
  /** What it does in any case. */
  readonly always?: readonly PermissionClass[];
}

type TypeName = ProgramFacts['type'];

const PACKET = ['sees-packet-payload', 'sees-network-addresses'] as const;
const DROPS = ['drops-or-redirects-packets'] as const;
const DENIES = ['denies-operations'] as const;
const OVERRIDES = ['overrides-return-values'] as const;
const CHANGES = ['changes-packets'] as const;

/** TC_ACT_UNSPEC, OK, RECLASSIFY, PIPE; TCX_NEXT and TCX_PASS are among them (include/uapi/linux/pkt_cls.h, bpf.h). */
const TC_HARMLESS = [-1, 0, 1, 3];
/** BPF_OK (include/uapi/linux/bpf.h, enum bpf_ret_code). */
const LWT: TypePowers = { sees: PACKET, verdict: { classes: DROPS, harmless: [0] } };
/** cgroup hooks: 1 lets an operation go on (kernel/bpf/cgroup.c). */
const CGROUP = { classes: DENIES, harmless: [1] };

/**
 * The powers of program types; a type that is not here has none by itself. Verdicts are those of Linux 6.12.
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/verifier.c (check_return_code)
 */
const TYPES: Readonly<Record<string, TypePowers>> = {
  socket_filter: { sees: PACKET },
  sched_cls: {
    sees: PACKET,
    verdict: { classes: DROPS, harmless: TC_HARMLESS },
    byContext: CHANGES,
    byWriting: CHANGES,
  },
  sched_act: {
    sees: PACKET,
    verdict: { classes: DROPS, harmless: TC_HARMLESS },
    byContext: CHANGES,
    byWriting: CHANGES,
  },
  // XDP_PASS (include/uapi/linux/bpf.h, enum xdp_action).
  xdp: { sees: PACKET, verdict: { classes: DROPS, harmless: [2] }, byWriting: CHANGES },
  // 1 and 3 keep the packet, the latter with a congestion notification (include/linux/bpf-cgroup.h).
  cgroup_skb: { sees: PACKET, verdict: { classes: DROPS, harmless: [1, 3] }, byContext: CHANGES },
  cgroup_sock: { sees: ['sees-network-addresses'], verdict: CGROUP },
  lwt_in: LWT,
  lwt_out: LWT,
  lwt_xmit: { ...LWT, byContext: CHANGES, byWriting: CHANGES },
  lwt_seg6local: LWT,
  sock_ops: { sees: ['sees-network-addresses'] },
  // SK_PASS (include/uapi/linux/bpf.h, enum sk_action).
  sk_skb: { sees: PACKET, verdict: { classes: DROPS, harmless: [1] }, byWriting: CHANGES },
  sk_msg: { sees: PACKET, verdict: { classes: DROPS, harmless: [1] }, byWriting: CHANGES },
  sk_reuseport: { sees: PACKET, verdict: { classes: DROPS, harmless: [1] } },
  sk_lookup: { sees: ['sees-network-addresses'], verdict: { classes: DROPS, harmless: [1] } },
  cgroup_device: { sees: [], verdict: CGROUP },
  // connect and its kin are told another address through the context; bind may return 3 to pass over a capability.
  cgroup_sock_addr: { sees: ['sees-network-addresses'], verdict: CGROUP, byContext: DROPS },
  // BPF_FLOW_DISSECTOR_CONTINUE (include/uapi/linux/bpf.h).
  flow_dissector: { sees: PACKET, verdict: { classes: DROPS, harmless: [129] } },
  cgroup_sysctl: { sees: [], verdict: CGROUP, byContext: OVERRIDES },
  cgroup_sockopt: { sees: ['reads-user-memory'], verdict: CGROUP, byContext: OVERRIDES, byWriting: OVERRIDES },
  raw_tracepoint_writable: { sees: [], byContext: OVERRIDES, byWriting: OVERRIDES },
  // NF_ACCEPT (include/uapi/linux/netfilter.h).
  netfilter: { sees: PACKET, verdict: { classes: DROPS, harmless: [1] } },
  struct_ops: { sees: [], always: ['outlives-exit'] },
};

/** Attach types that say more than the type: functions that deny, and what outlives its loader. */
const ATTACH_TYPES: Readonly<Record<string, TypePowers>> = {
  // An error of 0 lets the operation go on; lsm_cgroup is a cgroup hook.
  lsm_mac: { sees: [], verdict: { classes: DENIES, harmless: [0] } },
  lsm_cgroup: { sees: [], verdict: CGROUP },
  modify_return: { sees: [], verdict: { classes: [...OVERRIDES, ...DENIES], harmless: [0] } },
};

/** Hooks that are told what was decided, or must let it: recvmsg, getpeername, getsockname, the end of a socket. */
const NO_VERDICT = /^cgroup_(udp[46]_recvmsg|unix_recvmsg|(inet[46]|unix)_get(peer|sock)name|inet_sock_release)$/;

/** The powers of a program. */
export function typePowers({ type, attachType = '' }: { type: TypeName; attachType?: string | undefined }): TypePowers {
  const powers = ATTACH_TYPES[attachType] ?? TYPES[type] ?? { sees: [] };
  if (!NO_VERDICT.test(attachType)) return powers;
  const { verdict: _verdict, ...rest } = powers;
  return rest;
}
