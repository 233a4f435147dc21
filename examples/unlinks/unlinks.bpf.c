// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// A kprobe sees the arguments of a kernel function and a kretprobe its result. do_unlinkat() does the work of unlink(2) and
// unlinkat(2), io_uring's included; it gives up the path before it returns, so the path is read at its start.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "unlinks.h"

/// @description Only files that this process deletes; 0: all
/// @cmdarg {"default": 0, "short": "p"}
const volatile pid_t target_pid = 0;

/// @description Only files that could not be deleted
const volatile bool failed_only = false;

struct call {
	bool pending;
	struct event event;
};

// Storage of a thread, unlike a hash map, cannot be full, and goes away with the thread.
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct call);
} calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

// BPF_KPROBE takes the arguments out of the registers, on every architecture.
SEC("kprobe/do_unlinkat")
int BPF_KPROBE(unlink_start, int dirfd, struct filename *name)
{
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	struct call *call;

	if (target_pid && target_pid != pid)
		return 0;
	call = bpf_task_storage_get(&calls, bpf_get_current_task_btf(), NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!call)
		return 0;
	call->pending = true;
	call->event.pid = pid;
	bpf_get_current_comm(call->event.comm, sizeof(call->event.comm));
	// Empty where the path itself could not be read: `name` is then an error, not an address.
	__builtin_memset(call->event.filename, 0, sizeof(call->event.filename));
	bpf_probe_read_kernel_str(call->event.filename, sizeof(call->event.filename), BPF_CORE_READ(name, name));
	return 0;
}

SEC("kretprobe/do_unlinkat")
int BPF_KRETPROBE(unlink_end, int ret)
{
	struct call *call = bpf_task_storage_get(&calls, bpf_get_current_task_btf(), NULL, 0);

	if (!call || !call->pending)
		return 0;
	call->pending = false;
	if (failed_only && ret >= 0)
		return 0;
	call->event.ret = ret;
	bpf_ringbuf_output(&events, &call->event, sizeof(call->event), 0);
	return 0;
}

/// @brief Shows which process deletes which file
/// @details Follows the kernel function do_unlinkat, so a kernel without kprobes cannot run it.
char LICENSE[] SEC("license") = "Dual BSD/GPL";
