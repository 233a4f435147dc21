// Events of every kind of buffer, and a map of every kind that a guest may change.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "called.h"

#define RING(name, bytes)                                       \
	struct {                                                \
		__uint(type, BPF_MAP_TYPE_RINGBUF);             \
		__uint(max_entries, bytes);                     \
	} name SEC(".maps")

#define MAP(name, kind, entries)                                \
	struct {                                                \
		__uint(type, BPF_MAP_TYPE_##kind);              \
		__uint(max_entries, entries);                   \
		__type(key, unsigned int);                      \
		__type(value, unsigned long long);              \
	} name SEC(".maps")

RING(events, 1 << 20);
RING(more, 1 << 16);
RING(tiny, 4096);
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} samples SEC(".maps");
MAP(hash, HASH, 3);
MAP(array, ARRAY, 4);
MAP(cpu_hash, PERCPU_HASH, 4);
MAP(cpu_array, PERCPU_ARRAY, 4);
// So that it has a map of its section .rodata.
const volatile unsigned int factor = 1;

// How often an event was asked for, by its kind.
MAP(calls, ARRAY, 8);
struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, unsigned int);
	__type(value, unsigned int);
} inner SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, unsigned int);
	__array(values, struct inner);
} outer SEC(".maps") = {.values = {&inner}};
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, unsigned int);
	__type(value, unsigned int);
} programs SEC(".maps");

struct entry {
	unsigned long long common;
	long number;
	unsigned long pid;
};

static void send(void *ring, unsigned int argument)
{
	struct event *event = bpf_ringbuf_reserve(ring, sizeof(*event), 0);
	unsigned long long number = NUMBER_OF(argument);

	if (!event)
		return;
	*event = (struct event){KIND_OF(argument), number, number * number * factor};
	bpf_ringbuf_submit(event, 0);
}

static void send_large(unsigned int argument)
{
	struct large *large = bpf_ringbuf_reserve(&events, sizeof(*large), 0);
	unsigned long long number = NUMBER_OF(argument);

	if (!large)
		return;
	__builtin_memset(large, 'x', sizeof(*large));
	large->event = (struct event){KIND_OF(argument), number, number * number};
	bpf_ringbuf_submit(large, 0);
}

static void count(void *map, unsigned int key)
{
	unsigned long long *value = bpf_map_lookup_elem(map, &key);

	if (value)
		__sync_fetch_and_add(value, 1);
}

SEC("tp/syscalls/sys_enter_getpgid")
int on_call(struct entry *ctx)
{
	unsigned int argument = ctx->pid;
	unsigned int kind = KIND_OF(argument);
	struct event event = {kind, NUMBER_OF(argument), 0};

	if (!IS_CALL(argument))
		return 0;
	if (kind == TO_EVENTS)
		send(&events, argument);
	else if (kind == TO_MORE)
		send(&more, argument);
	else if (kind == TO_TINY)
		send(&tiny, argument);
	else if (kind == LARGE_TO_EVENTS)
		send_large(argument);
	else if (kind == TO_SAMPLES)
		bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, &event, sizeof(event));
	else if (kind == PER_CPU) {
		count(&cpu_array, 1);
		count(&cpu_hash, 1);
	}
	count(&calls, kind);
	return 0;
}

// So that their types are in the object.
const struct event *an_event __attribute__((unused));
const struct large *a_large_event __attribute__((unused));
char LICENSE[] SEC("license") = "GPL";
