// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// bash reads each line that is typed with its function readline(), whose result is the line. The program is run when it returns.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "uprobe-readline.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} events SEC(".maps");

SEC("uretprobe//bin/bash:readline")
int BPF_KRETPROBE(line_read, const void *line)
{
	struct event *event;

	// End of the input.
	if (!line)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->uid = bpf_get_current_uid_gid();
	event->line[0] = 0;
	bpf_probe_read_user_str(event->line, sizeof(event->line), line);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

/// @brief Shows the lines that people type into bash
/// @details Another bash is named with --target-path, one process of it with --target-pid.
char LICENSE[] SEC("license") = "Dual BSD/GPL";
