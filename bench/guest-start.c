/* Loads an object, attaches all its programs (PROGRAMS), says so, and ends when it is told to. */
#include <stdint.h>
#include <stdio.h>
#include "object.h"

#define IMPORT(name) __attribute__((import_module("wasm_bpf"), import_name(#name)))

typedef int (*sample_function)(void *context, void *data, uint32_t size);

IMPORT(wasm_load_bpf_object) int64_t load_object(const void *object, int32_t size);
IMPORT(wasm_attach_bpf_program) int32_t attach(int64_t object, const char *program, const char *target);
IMPORT(wasm_bpf_buffer_poll)
int32_t buffer_poll(int64_t object, int32_t fd, sample_function function, void *context, void *data, int32_t size, int32_t timeout_ms);
IMPORT(wasm_bpf_map_fd_by_name) int32_t map_fd(int64_t object, const char *name);

static int ignore(void *context, void *data, uint32_t size) { return 0; }

int main(void)
{
	static const char *const programs[] = {PROGRAMS};
	static char buffer[4096];
	const int64_t object = load_object(object_bytes, object_size);

	for (unsigned index = 0; index < sizeof(programs) / sizeof(*programs); index++)
		if (attach(object, programs[index], NULL) != 0)
			return 1;
	printf("all attached\n");
	fflush(stdout);
	for (;;)
		if (buffer_poll(object, map_fd(object, "events"), ignore, NULL, buffer, sizeof(buffer), -1) < 0)
			return 2;
}
