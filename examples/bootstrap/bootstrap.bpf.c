// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// A process is its threads: they share one group leader, which stays until the last of them has ended. So what is known
// about a process is kept in the storage of its leader.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "bootstrap.h"

// Macros of the kernel, which BTF does not have: include/linux/sched.h and include/linux/sched/signal.h.
#define PF_KTHREAD 0x00200000
#define SIGNAL_GROUP_EXIT 0x00000004

/// @description Only the ends of processes that lived at least as long, in nanoseconds; 0: every start and end
/// @cmdarg {"default": 0, "short": "d"}
const volatile unsigned long long min_duration_ns = 0;

/// @description Only children of this process; 0: of all
/// @cmdarg {"default": 0, "short": "p"}
const volatile pid_t parent_pid = 0;

struct process {
	/* When it started its program; 0 where that was before we watched. */
	__u64 started_ns;
	__u64 ended;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct process);
} processes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

static struct process *process_of(struct task_struct *leader)
{
	return bpf_task_storage_get(&processes, leader, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

// NULL when the process is not asked for, or the buffer is full.
static struct event *new_event(struct task_struct *task)
{
	// BPF_CORE_READ asks for members by name: their places are filled in when the program is loaded into a kernel.
	pid_t ppid = BPF_CORE_READ(task, real_parent, tgid);
	struct event *event;

	if (parent_pid && parent_pid != ppid)
		return NULL;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return NULL;
	__builtin_memset(event, 0, sizeof(*event));
	event->pid = BPF_CORE_READ(task, tgid);
	event->ppid = ppid;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	return event;
}

// All other threads are gone when a program has been started, and the one that is left leads.
SEC("tp/sched/sched_process_exec")
int handle_exec(struct trace_event_raw_sched_process_exec *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct process *process = process_of(task);
	struct event *event;

	if (process)
		process->started_ns = bpf_ktime_get_ns();
	if (min_duration_ns)
		return 0;
	event = new_event(task);
	if (!event)
		return 0;
	// The low half of a __data_loc is the distance of the text from the start of the tracepoint's record.
	bpf_probe_read_kernel_str(event->filename, sizeof(event->filename),
				  (void *)ctx + (ctx->__data_loc_filename & 0xffff));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

static int wait_status(struct task_struct *leader)
{
	if (BPF_CORE_READ(leader, signal, flags) & SIGNAL_GROUP_EXIT)
		return BPF_CORE_READ(leader, signal, group_exit_code);
	return BPF_CORE_READ(leader, exit_code);
}

// Called for each thread. Several that end at once can all see that none lives; the first of them tells it.
SEC("tp/sched/sched_process_exit")
int handle_exit(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_struct *leader = task->group_leader;
	struct process *process;
	struct event *event;
	__u64 duration_ns;
	int status;

	if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return 0;
	if (BPF_CORE_READ(task, signal, live.counter) > 0)
		return 0;
	process = process_of(leader);
	if (!process || __sync_lock_test_and_set(&process->ended, 1))
		return 0;

	duration_ns = bpf_ktime_get_ns() - (process->started_ns ?: BPF_CORE_READ(leader, start_time));
	if (duration_ns < min_duration_ns)
		return 0;
	event = new_event(task);
	if (!event)
		return 0;
	status = wait_status(leader);
	event->exit_event = true;
	event->exit_code = (status >> 8) & 0xff;
	event->exit_signal = status & 0x7f;
	event->duration_ns = duration_ns;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

/// @brief Shows the processes that start a program, and those that end, with how long they ran
/// @details The time runs from the last exec, or from the fork of a process that made no exec while it was watched.
char LICENSE[] SEC("license") = "Dual BSD/GPL";
