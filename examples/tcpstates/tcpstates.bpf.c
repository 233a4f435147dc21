// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// The kernel has one tracepoint for every change of state of a TCP socket. The time of the last change is kept for each socket,
// so that an event can say how long the state before lasted.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "tcpstates.h"

#define AF_INET 2
#define MAX_SOCKETS 10240

/// @description Only sockets with this local port; 0: all
/// @cmdarg {"default": 0, "short": "l"}
const volatile __u16 local_port = 0;

/// @description Only sockets with this remote port; 0: all
/// @cmdarg {"default": 0, "short": "r"}
const volatile __u16 remote_port = 0;

/// @description Only sockets with this port at either end; 0: all
/// @cmdarg {"default": 0, "short": "p"}
const volatile __u16 port = 0;

/* When a socket changed last. Sockets that are never seen to close are forgotten when there are too many. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_SOCKETS);
	__type(key, const void *);
	__type(value, __u64);
} changed SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

static bool is_wanted(struct trace_event_raw_inet_sock_set_state *ctx)
{
	if (ctx->protocol != IPPROTO_TCP)
		return false;
	if (local_port && local_port != ctx->sport)
		return false;
	if (remote_port && remote_port != ctx->dport)
		return false;
	return !port || port == ctx->sport || port == ctx->dport;
}

SEC("tracepoint/sock/inet_sock_set_state")
int on_change(struct trace_event_raw_inet_sock_set_state *ctx)
{
	const void *socket = ctx->skaddr;
	__u64 now = bpf_ktime_get_ns(), *before;
	struct event *event;

	if (!is_wanted(ctx))
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	before = bpf_map_lookup_elem(&changed, &socket);
	event->delta_us = before ? (now - *before) / 1000 : 0;
	if (ctx->newstate == TCP_CLOSE)
		bpf_map_delete_elem(&changed, &socket);
	else
		bpf_map_update_elem(&changed, &socket, &now, BPF_ANY);

	event->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->family = ctx->family;
	event->sport = ctx->sport;
	event->dport = ctx->dport;
	event->oldstate = ctx->oldstate;
	event->newstate = ctx->newstate;
	event->saddr = 0;
	event->daddr = 0;
	/* Read through a helper: the verifier lets no program choose between two places of its context. */
	if (ctx->family == AF_INET) {
		bpf_probe_read_kernel(&event->saddr, sizeof(ctx->saddr), ctx->saddr);
		bpf_probe_read_kernel(&event->daddr, sizeof(ctx->daddr), ctx->daddr);
	} else {
		bpf_probe_read_kernel(&event->saddr, sizeof(ctx->saddr_v6), ctx->saddr_v6);
		bpf_probe_read_kernel(&event->daddr, sizeof(ctx->daddr_v6), ctx->daddr_v6);
	}
	bpf_ringbuf_submit(event, 0);
	return 0;
}

/// @brief Shows how TCP connections change their state
/// @details One line for each change, with the time that the state before lasted.
char LICENSE[] SEC("license") = "Dual BSD/GPL";
