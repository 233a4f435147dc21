// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// Two programs on one interface, one for what comes in and one for what goes out. Through tcx where the kernel has it, since the package
// asks for no handle and no priority; else as filters of classic tc.
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "tc-count.h"

#define TC_ACT_UNSPEC -1

enum direction { RECEIVED, SENT };

struct traffic {
	enum direction direction;
	/* Number of the protocol above the link: 2048 IPv4, 2054 ARP, 34525 IPv6. */
	__u32 ethertype;
};

/// @sample {"interval": 1000, "type": "default_kv", "clear_map": false}
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 512);
	__type(key, struct traffic);
	__type(value, struct count);
} counts SEC(".maps");

static int count_packet(struct __sk_buff *skb, enum direction direction)
{
	struct traffic key = { direction, bpf_ntohs(skb->protocol) };
	struct count first = {};
	struct count *count = bpf_map_lookup_elem(&counts, &key);

	if (!count) {
		bpf_map_update_elem(&counts, &key, &first, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&counts, &key);
		if (!count)
			return TC_ACT_UNSPEC;
	}
	count->packets++;
	count->bytes += skb->len;
	// Whatever else hangs on the interface decides.
	return TC_ACT_UNSPEC;
}

SEC("tc")
int count_received(struct __sk_buff *skb)
{
	return count_packet(skb, RECEIVED);
}

/// @tchook {"attach_point": "BPF_TC_EGRESS"}
SEC("tc")
int count_sent(struct __sk_buff *skb)
{
	return count_packet(skb, SENT);
}

/// @brief Counts the packets that an interface receives and sends, by protocol
/// @details Lets every packet through. Name the interface with --target-ifname.
char LICENSE[] SEC("license") = "Dual BSD/GPL";
