// What the fixtures that are refused by maps have in common: hash maps that soon are full, and a program that recursion leaves out. They
// count both, so that another's counts can be compared with theirs.
#pragma once
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 updates_refused = 0;
__u64 per_cpu_updates_refused = 0;
__u64 nested_runs = 0;

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 100);
  __type(key, __u64);
  __type(value, __u64);
} entries SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
  __uint(max_entries, 50);
  __type(key, __u64);
  __type(value, __u64);
} per_cpu SEC(".maps");

static __always_inline void add_entries(__u64 number) {
  // An int, of which Linux 6.1 leaves the upper half of the register as it was.
  if ((int)bpf_map_update_elem(&entries, &number, &number, BPF_ANY) < 0) updates_refused++;
  // That an entry is there, or is not, is no want of room.
  bpf_map_update_elem(&entries, &number, &number, BPF_NOEXIST);
  if ((int)bpf_map_update_elem(&per_cpu, &number, &number, BPF_ANY) < 0) per_cpu_updates_refused++;
}

// Calls what it is attached to: each run leaves out one more.
static __always_inline int call_itself(void) {
  __sync_fetch_and_add(&nested_runs, 1);
  bpf_ktime_get_boot_ns();
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
