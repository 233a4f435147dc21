// A program that every kernel takes, and one that every kernel loads and none attaches.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tp/syscalls/sys_enter_unlink") int on_unlink(void *ctx) { return 0; }
SEC("kprobe/no_such_function") int on_nowhere(void *ctx) { return 0; }
