#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// One filter of cls_bpf.
struct TcFilter {
  uint32_t handle;
  uint32_t priority;
  uint32_t programId;
};

/// The filters of cls_bpf in one direction of an interface. Negative errno when the kernel cannot be asked; without a clsact qdisc
/// there are none.
int ListTcFilters(int ifindex, bool egress, std::vector<TcFilter>* filters);

/// 1 when the interface has a clsact or an ingress qdisc, 0 when not, negative errno when the kernel cannot be asked.
int HasClsact(int ifindex);
