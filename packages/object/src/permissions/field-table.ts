import type { PermissionClass } from './permission-class.js';

/**
 * Fields of the kernel's types that mean more than kernel memory, by the end of their path after a dot or by the type that the path
 * starts from. Read from include/linux and include/net of Linux 6.12.
 */
const FIELDS: readonly (readonly [pattern: RegExp, permission: PermissionClass])[] = [
  // struct mm_struct: where arguments and environment lie. struct linux_binprm: their number, and where they end.
  [/\.(arg_start|arg_end|env_start|env_end)$/, 'sees-process-arguments'],
  [/^linux_binprm\.(argc|envc|p)$/, 'sees-process-arguments'],
  // struct dentry, struct qstr, struct filename, struct linux_binprm, struct kernfs_node.
  [/\.(d_name|d_iname|d_shortname|d_parent)(\.|$)/, 'sees-file-paths'],
  [/^(qstr|filename)\.(name|uptr|iname)$/, 'sees-file-paths'],
  [/^linux_binprm\.(filename|interp|fdpath)$/, 'sees-file-paths'],
  // struct sock_common, struct inet_sock, struct sockaddr_*, struct iphdr, struct ipv6hdr, struct flowi*.
  [/\.(skc_daddr|skc_rcv_saddr|skc_v6_daddr|skc_v6_rcv_saddr|skc_addrpair)(\.|$)/, 'sees-network-addresses'],
  [/^inet_sock\.(inet_saddr|mc_addr)$/, 'sees-network-addresses'],
  [/^sockaddr_(in|in6|un|ll)\.(sin_addr|sin6_addr|sun_path|sll_addr)(\.|$)/, 'sees-network-addresses'],
  [/^(iphdr|ipv6hdr)\.(saddr|daddr|addrs)(\.|$)/, 'sees-network-addresses'],
  [/^flowi[46]\.(saddr|daddr)(\.|$)/, 'sees-network-addresses'],
  [/^trace_event_raw_\w+\.(saddr|daddr|saddr_v6|daddr_v6)$/, 'sees-network-addresses'],
  // struct sk_buff: where a packet's bytes are.
  [/^sk_buff\.(data|head)$/, 'sees-packet-payload'],
];

/** The classes, besides kernel memory, that reading a field means. */
export function fieldClasses(field: string): readonly PermissionClass[] {
  return [...new Set(FIELDS.filter(([pattern]) => pattern.test(field)).map(([, permission]) => permission))];
}

/** Types that are given to programs as their context. */
const CONTEXTS =
  /^(pt_regs|user_pt_regs|bpf_\w+|__sk_buff|xdp_md|sk_msg_md|sk_reuseport_md|trace_event_raw_\w+|syscall_trace_\w+)\./;

/** The headers of packets. */
const HEADERS = /^(ethhdr|vlan_hdr|arphdr|iphdr|ipv6hdr|tcphdr|udphdr|icmphdr|icmp6hdr)\./;

/** Whether a field is of what the kernel hands to a program, its context or a packet, and not of the kernel's own memory. */
export function isHandedOver(field: string): boolean {
  return CONTEXTS.test(field) || HEADERS.test(field);
}
