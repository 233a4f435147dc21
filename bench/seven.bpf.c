// Seven tracepoints whose programs read fields of the kernel's structs: what is opened, loaded and attached.
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define CORE __attribute__((preserve_access_index))

struct trace_event_raw_sys_enter {
	long id;
	unsigned long args[6];
} CORE;

struct trace_event_raw_sys_exit {
	long ret;
} CORE;

struct task_struct {
	int pid;
	int tgid;
	struct task_struct *real_parent;
} CORE;

struct event {
	__u32 pid;
	__u32 parent;
	__s64 value;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

/* Nobody else is looked at. */
const volatile __u32 target = 0;

static __always_inline int send(__s64 value)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct event *event;

	if (bpf_get_current_pid_tgid() >> 32 != target)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->pid = BPF_CORE_READ(task, pid);
	event->parent = BPF_CORE_READ(task, real_parent, tgid);
	event->value = value;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

#define ENTER(CALL)                                            \
	SEC("tracepoint/syscalls/sys_enter_" #CALL)            \
	int enter_##CALL(struct trace_event_raw_sys_enter *ctx) \
	{                                                      \
		return send(ctx->args[1]);                     \
	}
#define EXIT(CALL)                                           \
	SEC("tracepoint/syscalls/sys_exit_" #CALL)           \
	int exit_##CALL(struct trace_event_raw_sys_exit *ctx) \
	{                                                    \
		return send(ctx->ret);                       \
	}

ENTER(kill)
EXIT(kill)
ENTER(tkill)
EXIT(tkill)
ENTER(tgkill)
EXIT(tgkill)
ENTER(pidfd_send_signal)

char LICENSE[] SEC("license") = "GPL";
