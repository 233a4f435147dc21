// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "ends.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} ends SEC(".maps");

// Called for each thread; the process has ended with the last of them.
SEC("tp/sched/sched_process_exit")
int handle_exit(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct end *end;

	if (BPF_CORE_READ(task, signal, live.counter) > 0)
		return 0;
	end = bpf_ringbuf_reserve(&ends, sizeof(*end), 0);
	if (!end)
		return 0;
	end->time_ns = bpf_ktime_get_ns();
	end->pid = bpf_get_current_pid_tgid() >> 32;
	end->exit_code = BPF_CORE_READ(task, exit_code) >> 8 & 0xff;
	bpf_ringbuf_submit(end, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
