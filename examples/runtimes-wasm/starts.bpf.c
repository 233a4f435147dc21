// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "starts.h"

const volatile pid_t parent_pid = 0;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} starts SEC(".maps");

SEC("tp/sched/sched_process_exec")
int handle_exec(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	pid_t ppid = BPF_CORE_READ(task, real_parent, tgid);
	struct start *start;

	if (parent_pid && parent_pid != ppid)
		return 0;
	start = bpf_ringbuf_reserve(&starts, sizeof(*start), 0);
	if (!start)
		return 0;
	start->time_ns = bpf_ktime_get_ns();
	start->pid = bpf_get_current_pid_tgid() >> 32;
	start->ppid = ppid;
	bpf_get_current_comm(start->comm, sizeof(start->comm));
	bpf_ringbuf_submit(start, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
