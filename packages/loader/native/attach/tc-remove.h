#pragma once

#include <cstdint>

/// Removes the filters of cls_bpf with that program, which the kernel's number tells: how many there were, or negative errno.
int RemoveTcFilters(int ifindex, bool egress, uint32_t programId);

/// Removes the clsact qdisc of an interface when nothing hangs on it any more: 0, also where there is nothing to do, or negative errno.
int RemoveUnusedClsact(int ifindex);
