// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// Every system call that sends a signal has a tracepoint at its start, where the arguments are, and one at its end, where
// the result is. The first leaves a note in the storage of the thread that makes the call; the second turns it into an event.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "sigsnoop.h"

// A `const volatile` global becomes an option: it is set before the program is loaded, and the verifier then removes what
// cannot be reached.

/// @description Only signals that this process sends; 0: of all
/// @cmdarg {"default": 0, "short": "p"}
const volatile pid_t filtered_pid = 0;

/// @description Only this signal; 0: every one
/// @cmdarg {"default": 0, "short": "s"}
const volatile int target_signal = 0;

/// @description Only signals that could not be sent
const volatile bool failed_only = false;

struct call {
	bool pending;
	/* The target is a file descriptor: its pid is learnt later. */
	bool by_pidfd;
	int tpid;
	int sig;
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

static struct call *call_of_this_thread(__u64 flags)
{
	return bpf_task_storage_get(&calls, bpf_get_current_task_btf(), NULL, flags);
}

static int start(int tpid, int sig, bool by_pidfd)
{
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	struct call *call;

	if (filtered_pid && filtered_pid != pid)
		return 0;
	if (target_signal && target_signal != sig)
		return 0;
	call = call_of_this_thread(BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!call)
		return 0;
	call->pending = true;
	call->by_pidfd = by_pidfd;
	call->tpid = tpid;
	call->sig = sig;
	return 0;
}

static int end(struct trace_event_raw_sys_exit *ctx)
{
	struct call *call = call_of_this_thread(0);
	struct event *event;

	if (!call || !call->pending)
		return 0;
	call->pending = false;
	if (failed_only && ctx->ret >= 0)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->tpid = call->tpid;
	event->sig = call->sig;
	event->ret = ctx->ret;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

// kill(pid, sig)
SEC("tracepoint/syscalls/sys_enter_kill")
int kill_start(struct trace_event_raw_sys_enter *ctx)
{
	return start(ctx->args[0], ctx->args[1], false);
}

SEC("tracepoint/syscalls/sys_exit_kill")
int kill_end(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx);
}

// tkill(tid, sig)
SEC("tracepoint/syscalls/sys_enter_tkill")
int tkill_start(struct trace_event_raw_sys_enter *ctx)
{
	return start(ctx->args[0], ctx->args[1], false);
}

SEC("tracepoint/syscalls/sys_exit_tkill")
int tkill_end(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx);
}

// tgkill(tgid, tid, sig)
SEC("tracepoint/syscalls/sys_enter_tgkill")
int tgkill_start(struct trace_event_raw_sys_enter *ctx)
{
	return start(ctx->args[1], ctx->args[2], false);
}

SEC("tracepoint/syscalls/sys_exit_tgkill")
int tgkill_end(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx);
}

// rt_sigqueueinfo(pid, sig, info)
SEC("tracepoint/syscalls/sys_enter_rt_sigqueueinfo")
int sigqueue_start(struct trace_event_raw_sys_enter *ctx)
{
	return start(ctx->args[0], ctx->args[1], false);
}

SEC("tracepoint/syscalls/sys_exit_rt_sigqueueinfo")
int sigqueue_end(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx);
}

// rt_tgsigqueueinfo(tgid, tid, sig, info)
SEC("tracepoint/syscalls/sys_enter_rt_tgsigqueueinfo")
int tgsigqueue_start(struct trace_event_raw_sys_enter *ctx)
{
	return start(ctx->args[1], ctx->args[2], false);
}

SEC("tracepoint/syscalls/sys_exit_rt_tgsigqueueinfo")
int tgsigqueue_end(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx);
}

// pidfd_send_signal(pidfd, sig, info, flags)
SEC("tracepoint/syscalls/sys_enter_pidfd_send_signal")
int pidfd_start(struct trace_event_raw_sys_enter *ctx)
{
	return start(0, ctx->args[1], true);
}

SEC("tracepoint/syscalls/sys_exit_pidfd_send_signal")
int pidfd_end(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx);
}

// The kernel is about to queue a signal. Inside pidfd_send_signal this says whom the descriptor stands for.
SEC("tracepoint/signal/signal_generate")
int pidfd_target(struct trace_event_raw_signal_generate *ctx)
{
	struct call *call = call_of_this_thread(0);

	if (call && call->pending && call->by_pidfd && call->sig == ctx->sig) {
		call->tpid = ctx->pid;
		call->by_pidfd = false;
	}
	return 0;
}

/// @brief Shows who sends which signal to whom
/// @details Covers kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo and pidfd_send_signal.
char LICENSE[] SEC("license") = "Dual BSD/GPL";
