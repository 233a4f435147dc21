// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "sockops.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} connections SEC(".maps");

SEC("sockops")
int on_socket(struct bpf_sock_ops *ctx)
{
	struct connection *connection;
	bool active = ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB;

	if (!active && ctx->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return 1;
	connection = bpf_ringbuf_reserve(&connections, sizeof(*connection), 0);
	if (!connection)
		return 1;
	connection->made = active;
	connection->family = ctx->family;
	connection->local_port = ctx->local_port;
	connection->remote_port = bpf_ntohl(ctx->remote_port);
	bpf_ringbuf_submit(connection, 0);
	return 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
