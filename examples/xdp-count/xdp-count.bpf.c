// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// XDP sees each frame before the kernel has made a packet of it: two pointers, and everything between them must be checked before it is
// read. Each CPU counts for itself, and ebpm adds them up.
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "xdp-count.h"

struct traffic {
	/* Number of the protocol above Ethernet: 2048 IPv4, 2054 ARP, 34525 IPv6. */
	__u32 ethertype;
};

/// @sample {"interval": 1000, "type": "default_kv", "clear_map": false}
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 256);
	__type(key, struct traffic);
	__type(value, struct count);
} counts SEC(".maps");

SEC("xdp")
int count_frame(struct xdp_md *ctx)
{
	struct ethhdr *frame = (void *)(long)ctx->data;
	struct count first = {};
	struct traffic key = {};
	struct count *count;

	if ((void *)(frame + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	key.ethertype = bpf_ntohs(frame->h_proto);
	count = bpf_map_lookup_elem(&counts, &key);
	if (!count) {
		bpf_map_update_elem(&counts, &key, &first, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&counts, &key);
		if (!count)
			return XDP_PASS;
	}
	count->packets++;
	count->bytes += ctx->data_end - ctx->data;
	return XDP_PASS;
}

/// @brief Counts the packets that an interface receives, by protocol
/// @details Lets every packet through. Name the interface with --target-ifname.
char LICENSE[] SEC("license") = "Dual BSD/GPL";
