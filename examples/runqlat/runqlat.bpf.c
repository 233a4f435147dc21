// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// A task waits from the moment it may run (it was woken, or was taken off its CPU while it still wanted to run) until it
// does. The scheduler's tracepoints say when each begins and ends; the difference goes into a histogram, which ebpm reads,
// prints and empties every second.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "runqlat.h"

#define MAX_TASKS 16384
#define MAX_HISTS 10240
#define TASK_RUNNING 0

/// @description Only threads of this process; 0: of all
/// @cmdarg {"default": 0, "short": "p"}
const volatile pid_t target_pid = 0;

/// @description A histogram for each process instead of one for all
/// @cmdarg {"default": false}
const volatile bool per_process = false;

/* Since when a thread waits. A map that exists from the start: nothing may be allocated under the scheduler's locks. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_TASKS);
	__type(key, pid_t);
	__type(value, __u64);
} waiting SEC(".maps");

/// @sample {"interval": 1000, "type": "log2_hist", "unit": "usecs", "clear_map": true}
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_HISTS);
	__type(key, pid_t);
	__type(value, struct hist);
} hists SEC(".maps");

static const struct hist empty;

static void begin(struct task_struct *task)
{
	pid_t tid = task->pid;
	__u64 now;

	/* Thread 0 is the CPU doing nothing. */
	if (tid == 0 || (target_pid && target_pid != task->tgid))
		return;
	now = bpf_ktime_get_ns();
	bpf_map_update_elem(&waiting, &tid, &now, BPF_ANY);
}

static struct hist *hist_of(struct task_struct *task)
{
	pid_t key = per_process ? task->tgid : 0;
	struct hist *hist = bpf_map_lookup_elem(&hists, &key);

	if (hist)
		return hist;
	bpf_map_update_elem(&hists, &key, &empty, BPF_NOEXIST);
	hist = bpf_map_lookup_elem(&hists, &key);
	if (!hist)
		return NULL;
	if (per_process)
		BPF_CORE_READ_STR_INTO(&hist->comm, task, group_leader, comm);
	else
		__builtin_memcpy(hist->comm, "all", sizeof("all"));
	return hist;
}

/* The position of the highest bit. */
static __u32 log2(__u64 value)
{
	__u32 bit = 0;

	for (int step = 32; step > 0; step >>= 1) {
		if (value >> step) {
			value >>= step;
			bit += step;
		}
	}
	return bit;
}

static void end(struct task_struct *task)
{
	pid_t tid = task->pid;
	__u64 *since = bpf_map_lookup_elem(&waiting, &tid);
	struct hist *hist;
	__u64 us;
	__u32 slot;

	if (!since)
		return;
	us = (bpf_ktime_get_ns() - *since) / 1000;
	bpf_map_delete_elem(&waiting, &tid);
	hist = hist_of(task);
	if (!hist)
		return;
	slot = log2(us);
	if (slot >= SLOTS)
		slot = SLOTS - 1;
	__sync_fetch_and_add(&hist->slots[slot], 1);
	__sync_fetch_and_add(&hist->count, 1);
	if (us > hist->longest_us)
		hist->longest_us = us;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(woken, struct task_struct *task)
{
	begin(task);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(born, struct task_struct *task)
{
	begin(task);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switched, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	if (BPF_CORE_READ(prev, __state) == TASK_RUNNING)
		begin(prev);
	end(next);
	return 0;
}

/// @brief Shows how long tasks wait for a CPU, as a histogram
/// @details Counts from wake-up or preemption until the task runs. Printed and started anew every second.
char LICENSE[] SEC("license") = "Dual BSD/GPL";
