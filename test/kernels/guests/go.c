// Polls as what Go's compiler makes does: through the module callback-wrapper, which calls an export that has its name from Go. It ends when it is told to.
#include <stdio.h>
#include "called.h"
#include "objects.h"
#include "wasm-bpf.h"

IMPORT("callback-wrapper", "wasm_bpf_buffer_poll")
int32_t go_poll(int64_t object, int32_t fd, void *context, void *data, int32_t size, int32_t timeout_ms);

static char buffer[256];

__attribute__((export_name("go-callback"))) int go_callback(void *context, void *data, uint32_t size)
{
	const struct event *event = data;

	printf("sample %u %d %u\n", event->number, context == buffer, size);
	fflush(stdout);
	return 0;
}

int main(void)
{
	const int64_t object = load_object(abi_object, abi_object_size);

	if (attach(object, "on_call", NULL) != 0)
		return 3;
	printf("act call %d 20\n", TO_EVENTS);
	fflush(stdout);
	for (;;)
		if (go_poll(object, map_fd(object, "events"), buffer, buffer, sizeof(buffer), -1) < 0)
			return 4;
}
