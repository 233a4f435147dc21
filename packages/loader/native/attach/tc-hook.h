#pragma once

#include <bpf/libbpf.h>

/// Where filters hang: BPF_TC_INGRESS, BPF_TC_EGRESS, or both together for the qdisc.
inline bpf_tc_hook TcHook(int ifindex, int where) {
  bpf_tc_hook hook{};
  hook.sz = sizeof(hook);
  hook.ifindex = ifindex;
  hook.attach_point = static_cast<bpf_tc_attach_point>(where);
  return hook;
}

inline int TcDirection(bool egress) { return egress ? BPF_TC_EGRESS : BPF_TC_INGRESS; }
