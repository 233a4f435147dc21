// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// The hook of connect(2) sees the address as the kernel has copied it, so what is judged is what is used. A negative result is what the
// caller gets; another module's refusal stays a refusal.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "lsm-deny-connect.h"

#define AF_INET 2
#define EPERM 1

/// @description Deny connections to this port; 0: none
/// @cmdarg {"default": 0, "short": "p"}
const volatile __u16 port = 0;

/// @description Only those of this user; -1: of all
/// @cmdarg {"default": -1, "short": "u"}
const volatile __s64 uid = -1;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} events SEC(".maps");

SEC("lsm/socket_connect")
int BPF_PROG(deny_connect, struct socket *sock, struct sockaddr *address, int addrlen, int ret)
{
	__u32 user = bpf_get_current_uid_gid();
	struct sockaddr_in to = {};
	struct event *event;

	if (ret != 0)
		return ret;
	if (port == 0 || (uid >= 0 && uid != user) || addrlen < sizeof(to))
		return 0;
	bpf_probe_read_kernel(&to, sizeof(to), address);
	if (to.sin_family != AF_INET || bpf_ntohs(to.sin_port) != port)
		return 0;
	// It is denied whether there is room to tell it or not.
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return -EPERM;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->uid = user;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	__builtin_memcpy(event->address, &to.sin_addr.s_addr, sizeof(event->address));
	event->port = port;
	bpf_ringbuf_submit(event, 0);
	return -EPERM;
}

/// @brief Denies and shows connections to a port
/// @details IPv4 only. Whatever is connected already stays so, and everything is allowed again when the run ends.
char LICENSE[] SEC("license") = "Dual BSD/GPL";
