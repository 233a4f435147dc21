// The verifier refuses it: it looks at what may not be there.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, unsigned int);
	__type(value, unsigned long long);
} maybe SEC(".maps");

SEC("tp/syscalls/sys_enter_getpgid")
int unchecked(void *ctx)
{
	unsigned int key = 0;
	volatile unsigned long long *value = bpf_map_lookup_elem(&maybe, &key);

	return (int)*value;
}

char LICENSE[] SEC("license") = "GPL";
