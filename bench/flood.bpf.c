// Sends events of five fields for every getppid() of one process, EVENTS of them (default: 1), through a ring buffer of 16 MB.
#include <linux/bpf.h>
#include <asm/unistd.h>
#include <bpf/bpf_helpers.h>

#ifndef EVENTS
#define EVENTS 1
#endif
#ifndef TARGET
#define TARGET 0
#endif

struct event {
	__u64 time;
	__u64 number;
	__u32 pid;
	__s32 cpu;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 * 1024 * 1024);
} events SEC(".maps");

/* Nobody else is looked at. */
const volatile __u32 target = TARGET;
const struct event *unused __attribute__((unused));
__u64 sent = 0;
__u64 refused = 0;

static __always_inline void send(__u32 pid)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		refused++;
		return;
	}
	event->time = bpf_ktime_get_ns();
	event->number = sent++;
	event->pid = pid;
	event->cpu = bpf_get_smp_processor_id();
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
}

SEC("raw_tp/sys_enter")
int flood(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	if (pid != target || ctx->args[1] != __NR_getppid)
		return 0;
#pragma unroll
	for (int event = 0; event < EVENTS; event++)
		send(pid);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
