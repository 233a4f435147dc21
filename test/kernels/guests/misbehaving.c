// Does one thing that no guest should, by its name: what comes of it is the test's to say. Usage: misbehaving.wasm NAME
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "called.h"
#include "objects.h"
#include "wasm-bpf.h"

#define ROOM 256
#define PAGE 65536
// Where memory ends.
#define END ((uintptr_t)__builtin_wasm_memory_size(0) * PAGE)

static char buffer[ROOM];
static int64_t object;
static int events;
static int calls;

static int poll_with(void *function)
{
	return buffer_poll(object, events, (sample_function)function, NULL, buffer, ROOM, 5000);
}

// Loads and attaches, and lets the test send ten events.
static void begin(void)
{
	object = load_object(abi_object, abi_object_size);
	events = map_fd(object, "events");
	if (attach(object, "on_call", NULL) != 0)
		exit(99);
	printf("act call %d 10\n", TO_EVENTS);
	fflush(stdout);
}

static void ready(void)
{
	printf("ready\n");
	fflush(stdout);
}

static int count(void *context, void *data, uint32_t size)
{
	calls++;
	return 0;
}

static int trap(void *context, void *data, uint32_t size) { __builtin_trap(); }

static int poll_again(void *context, void *data, uint32_t size) { return poll_with(count); }

static int leave(void *context, void *data, uint32_t size) { exit(42); }

static int wait_for_ever(void *context, void *data, uint32_t size)
{
	for (volatile int turns = 0;; turns++) {}
}

static int close_it(void *context, void *data, uint32_t size)
{
	calls++;
	return close_object(object);
}

static int with_i64(int64_t context, int64_t data, int64_t size) { return (int)size; }
static void without_result(void *context, void *data, uint32_t size) { calls++; }
static int with_two(void *context, void *data) { return 0; }

static volatile int deepest;

// The compiler cannot make a loop of it, since something is left to do after each call.
__attribute__((noinline)) static int endlessly(int depth)
{
	const int deep = deepest < 0 ? 0 : endlessly(depth + 1);

	deepest = deep;
	return deep + 1;
}

static int decrypt(void)
{
	for (int at = 0; at < hidden_object_size; at++)
		hidden_object[at] ^= 0x5a;
	return load_object(hidden_object, hidden_object_size) == 0 ? 1 : 2;
}

// bpf_ringbuf_submit (132) becomes bpf_send_signal (109).
static int patch(void)
{
	static const uint8_t submit[8] = {0x85, 0, 0, 0, 132, 0, 0, 0};

	for (int at = 0; at + 8 <= abi_object_size; at++)
		if (memcmp(abi_object + at, submit, sizeof(submit)) == 0)
			abi_object[at + 4] = 109;
	return load_object(abi_object, abi_object_size) == 0 ? 1 : 2;
}

static int foreign_descriptors(void)
{
	uint64_t bytes[8] = {0};
	int wrong = 0;

	begin();
	// Those of this process are low; a guest's own maps are far above.
	for (int fd = -1; fd < 64; fd++) {
		wrong += map_operate(fd, LOOKUP, bytes, bytes, bytes, 0) != -9;
		wrong += buffer_poll(object, fd, count, NULL, buffer, ROOM, 0) != -2;
	}
	return wrong == 0 ? 20 : 1;
}

static int grow(void)
{
	size_t pages = 1;

	while (__builtin_wasm_memory_grow(0, pages) != (size_t)-1)
		pages *= 2;
	// What is there can be used to its end.
	*(volatile char *)(END - 1) = 1;
	return END <= 512u << 20 ? 21 : 1;
}

static int use_closed(void)
{
	begin();
	if (close_object(object) != 0 || close_object(object) != -1)
		return 1;
	return poll_with(count) == -1 && attach(object, "on_call", NULL) == -1 && map_fd(object, "events") == -1 &&
		       emit(object, "event", buffer, 16) == -9 && map_operate(events, LOOKUP, buffer, buffer, NULL, 0) == -9
	       ? 22
	       : 1;
}

static int close_inside(void)
{
	begin();
	sleep(1);
	return poll_with(close_it) == 1 && calls == 1 && poll_with(count) == -1 ? 23 : 1;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct { const char *name; void *function; } callbacks[] = {
		{"callback-traps", trap},
		{"callback-polls", poll_again},
		{"callback-exits", leave},
		{"callback-waits", wait_for_ever},
		{"callback-of-i64", with_i64},
		{"callback-without-result", without_result},
		{"callback-of-two", with_two},
		{"callback-null", NULL},
		{"callback-behind-the-table", (void *)100000},
		{"callback-negative", (void *)-1},
		{"callback-of-the-host", close_object},
	};
	char *end = (char *)END;

	for (size_t index = 0; index < sizeof(callbacks) / sizeof(*callbacks); index++) {
		if (strcmp(name, callbacks[index].name) != 0)
			continue;
		begin();
		return poll_with(callbacks[index].function);
	}
	if (strcmp(name, "decrypts") == 0) return decrypt();
	if (strcmp(name, "patches") == 0) return patch();
	if (strcmp(name, "foreign-descriptors") == 0) return foreign_descriptors();
	if (strcmp(name, "grows") == 0) return grow();
	if (strcmp(name, "uses-closed") == 0) return use_closed();
	if (strcmp(name, "closes-inside") == 0) return close_inside();
	if (strcmp(name, "calls-itself") == 0) return endlessly(0);
	if (strcmp(name, "object-behind-memory") == 0) return (int)load_object(end - 8, 64);
	if (strcmp(name, "object-huge") == 0) return (int)load_object(buffer, 0x7fffffff);
	if (strcmp(name, "object-negative") == 0) return (int)load_object(buffer, -1);
	if (strcmp(name, "name-without-end") == 0) {
		end[-1] = 'x';
		return attach(0, end - 1, NULL);
	}
	if (strcmp(name, "loops") == 0) {
		ready();
		return wait_for_ever(NULL, NULL, 0);
	}
	begin();
	if (strcmp(name, "sample-behind-memory") == 0) return buffer_poll(object, events, count, NULL, end - 8, ROOM, 0);
	if (strcmp(name, "sample-negative") == 0) return buffer_poll(object, events, count, NULL, buffer, -1, 0);
	if (strcmp(name, "key-behind-memory") == 0) return map_operate(map_fd(object, "hash"), LOOKUP, end - 2, buffer, NULL, 0);
	if (strcmp(name, "value-behind-memory") == 0) return map_operate(map_fd(object, "hash"), LOOKUP, buffer, end - 4, NULL, 0);
	if (strcmp(name, "record-behind-memory") == 0) return emit(object, "event", end - 8, 16);
	if (strcmp(name, "attaches-for-ever") == 0)
		// Refused by the kernel, and, which takes less long, before it is asked.
		for (int times = 0;; times++)
			attach(object, times < 10 ? "on_call" : "no_such_program", NULL);
	if (strcmp(name, "opens-for-ever") == 0)
		for (;;)
			load_object(small_object, small_object_size);
	if (strcmp(name, "waits") == 0) {
		ready();
		while (poll_with(count) >= 0) {}
	}
	if (strcmp(name, "prints") == 0) {
		ready();
		for (;;) {
			puts("x");
			fflush(stdout);
		}
	}
	return 98;
}
