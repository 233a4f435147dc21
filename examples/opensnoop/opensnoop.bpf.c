// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// The tracepoint at the start of a call notes where its arguments are; the one at its end reads them and sends the event.
// The path is read at the end because only then is it sure to be in memory: the kernel has read it too.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "opensnoop.h"

/// @description Only files that this process opens; 0: all
/// @cmdarg {"default": 0, "short": "p"}
const volatile pid_t pid_target = 0;

/// @description Only files that this user opens; -1: all
/// @cmdarg {"default": -1, "short": "u"}
const volatile int uid_target = -1;

/// @description Only files that could not be opened
const volatile bool failed_only = false;

struct call {
	bool pending;
	int flags;
	const char *path;
	/* Of openat2, whose flags are in memory; else NULL. */
	const struct open_how *how;
};

// Storage of a thread, unlike a hash map, cannot be full, and goes away with the thread.
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct call);
} calls SEC(".maps");

// One buffer for each CPU. Events of one CPU arrive in order, those of different CPUs need not.
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(int));
	__uint(value_size, sizeof(int));
} events SEC(".maps");

static int start(unsigned long path, int flags, unsigned long how)
{
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	struct call *call;

	if (pid_target && pid_target != pid)
		return 0;
	if (uid_target != -1 && uid_target != (int)bpf_get_current_uid_gid())
		return 0;
	call = bpf_task_storage_get(&calls, bpf_get_current_task_btf(), NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!call)
		return 0;
	call->pending = true;
	call->path = (const char *)path;
	call->flags = flags;
	call->how = (const struct open_how *)how;
	return 0;
}

static int end(struct trace_event_raw_sys_exit *ctx)
{
	struct call *call = bpf_task_storage_get(&calls, bpf_get_current_task_btf(), NULL, 0);
	struct event event = {};

	if (!call || !call->pending)
		return 0;
	call->pending = false;
	if (failed_only && ctx->ret >= 0)
		return 0;
	event.pid = bpf_get_current_pid_tgid() >> 32;
	event.uid = bpf_get_current_uid_gid();
	event.ret = ctx->ret;
	event.flags = call->flags;
	if (call->how)
		bpf_probe_read_user(&event.flags, sizeof(event.flags), &call->how->flags);
	bpf_get_current_comm(event.comm, sizeof(event.comm));
	bpf_probe_read_user_str(event.fname, sizeof(event.fname), call->path);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

// open(path, flags, mode)
SEC("tracepoint/syscalls/sys_enter_open")
int open_start(struct trace_event_raw_sys_enter *ctx)
{
	return start(ctx->args[0], ctx->args[1], 0);
}

SEC("tracepoint/syscalls/sys_exit_open")
int open_end(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx);
}

// openat(dirfd, path, flags, mode)
SEC("tracepoint/syscalls/sys_enter_openat")
int openat_start(struct trace_event_raw_sys_enter *ctx)
{
	return start(ctx->args[1], ctx->args[2], 0);
}

SEC("tracepoint/syscalls/sys_exit_openat")
int openat_end(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx);
}

// openat2(dirfd, path, how, size)
SEC("tracepoint/syscalls/sys_enter_openat2")
int openat2_start(struct trace_event_raw_sys_enter *ctx)
{
	return start(ctx->args[1], 0, ctx->args[2]);
}

SEC("tracepoint/syscalls/sys_exit_openat2")
int openat2_end(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx);
}

/// @brief Shows which process opens which file
/// @details Covers open, openat and openat2.
char LICENSE[] SEC("license") = "Dual BSD/GPL";
