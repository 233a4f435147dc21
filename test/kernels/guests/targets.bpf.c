// Programs that need a target.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 5);
	__type(key, unsigned int);
	__type(value, unsigned long long);
} seen SEC(".maps");

static void count(unsigned int key)
{
	unsigned long long *value = bpf_map_lookup_elem(&seen, &key);

	if (value)
		__sync_fetch_and_add(value, 1);
}

SEC("sockops")
int on_socket(struct bpf_sock_ops *ops)
{
	count(0);
	return 1;
}

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	count(1);
	return XDP_PASS;
}

SEC("tc")
int on_frame(struct __sk_buff *skb)
{
	count(2);
	return 0;
}

SEC("socket")
int on_copy(struct __sk_buff *skb)
{
	count(3);
	return 0;
}

SEC("cgroup_skb/ingress")
int on_ingress(struct __sk_buff *skb)
{
	count(4);
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
