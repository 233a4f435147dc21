/*
 * Drains the ring buffer of flood.bpf.c as a WASM guest that looks at every event. Usage: guest-drain.wasm ROUNDS EVENTS
 *
 * Each round says "fill", waits until the calls were made, and prints ns and events of what it then takes out.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "object.h"

#define IMPORT(name) __attribute__((import_module("wasm_bpf"), import_name(#name)))

typedef int (*sample_function)(void *context, void *data, uint32_t size);

IMPORT(wasm_load_bpf_object) int64_t load_object(const void *object, int32_t size);
IMPORT(wasm_attach_bpf_program) int32_t attach(int64_t object, const char *program, const char *target);
IMPORT(wasm_bpf_buffer_poll)
int32_t buffer_poll(int64_t object, int32_t fd, sample_function function, void *context, void *data, int32_t size, int32_t timeout_ms);
IMPORT(wasm_bpf_map_fd_by_name) int32_t map_fd(int64_t object, const char *name);
IMPORT(wasm_bpf_map_operate)
int32_t map_operate(int32_t fd, int32_t command, void *key, void *value, void *next_key, int64_t flags);

struct event {
	uint64_t time;
	uint64_t number;
	uint32_t pid;
	int32_t cpu;
	char comm[16];
};

/* What flood.bpf.c counts. */
struct counts {
	uint64_t sent;
	uint64_t refused;
};

static uint64_t received;
static uint64_t out_of_order;
static uint64_t on_first_cpu;

static int look(void *context, void *data, uint32_t size)
{
	const struct event *event = data;

	out_of_order += event->number != received;
	on_first_cpu += event->cpu == 0 && event->comm[0] == 'f';
	received++;
	return 0;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char **argv)
{
	static char buffer[256];
	const int rounds = argc > 2 ? atoi(argv[1]) : 1;
	const uint64_t events = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	const int64_t object = load_object(object_bytes, object_size);
	const int ring = map_fd(object, "events");
	const int globals = map_fd(object, "guest.bss");

	if (attach(object, "flood", NULL) != 0)
		return 1;
	for (int round = 1; round <= rounds; round++) {
		struct counts counts = {0};
		uint32_t key = 0;

		printf("fill\n");
		fflush(stdout);
		do {
			usleep(1000);
			if (map_operate(globals, 1, &key, &counts, NULL, 0) != 0)
				return 2;
		} while (counts.sent + counts.refused < (uint64_t)round * events);
		const uint64_t before = received;
		const int64_t started = now_ns();
		while (received < counts.sent)
			if (buffer_poll(object, ring, look, NULL, buffer, sizeof(buffer), 0) < 0)
				return 3;
		const int64_t elapsed = now_ns() - started;
		printf("%lld %llu\n", (long long)elapsed, (unsigned long long)(received - before));
		fflush(stdout);
	}
	return out_of_order == 0 ? 0 : 4;
}
