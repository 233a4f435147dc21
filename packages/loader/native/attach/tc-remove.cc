#include "tc-remove.h"

#include <bpf/libbpf.h>

#include <vector>

#include "tc-dump.h"
#include "tc-hook.h"

int RemoveTcFilters(int ifindex, bool egress, uint32_t programId) {
  std::vector<TcFilter> filters;
  int error = ListTcFilters(ifindex, egress, &filters);
  int removed = 0;
  const bpf_tc_hook hook = TcHook(ifindex, TcDirection(egress));
  for (const TcFilter& filter : filters) {
    if (filter.programId != programId) continue;
    bpf_tc_opts options{};
    options.sz = sizeof(options);
    options.handle = filter.handle;
    options.priority = filter.priority;
    const int result = bpf_tc_detach(&hook, &options);
    if (result < 0) {
      error = result;
    } else {
      removed++;
    }
  }
  return error < 0 ? error : removed;
}

int RemoveUnusedClsact(int ifindex) {
  const int has = HasClsact(ifindex);
  if (has <= 0) return has;
  std::vector<TcFilter> filters;
  for (const bool egress : {false, true}) {
    const int error = ListTcFilters(ifindex, egress, &filters);
    if (error < 0) return error;
  }
  if (!filters.empty()) return 0;
  bpf_tc_hook hook = TcHook(ifindex, BPF_TC_INGRESS | BPF_TC_EGRESS);
  return bpf_tc_hook_destroy(&hook);
}
