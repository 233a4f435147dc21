// What a package of 2022 sends: an event for each call.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "called.h"

const volatile int factor = 1;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

const struct event *pinned __attribute__((unused));

struct entry {
	unsigned long long common;
	long number;
	unsigned long pid;
};

SEC("tp/syscalls/sys_enter_getpgid")
int on_call(struct entry *entry)
{
	const unsigned int argument = entry->pid;
	struct event *event;

	if (!IS_CALL(argument))
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->kind = -KIND_OF(argument);
	event->number = NUMBER_OF(argument);
	event->square = (unsigned long long)factor * NUMBER_OF(argument);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
