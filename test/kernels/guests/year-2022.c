// A module as eunomia-bpf's compiler of 2022 made it: the C library comes from the host. Its first argument says which package it takes.
#include "packages.h"

#define IMPORT(name) __attribute__((import_module("env"), import_name(#name)))

IMPORT(create_bpf) int create_bpf(const char *json, int length);
IMPORT(run_bpf) int run_bpf(int id);
IMPORT(wait_and_poll_bpf) int wait_and_poll_bpf(int id);
IMPORT(printf) int host_printf(const char *format, ...);
IMPORT(strstr) char *host_strstr(const char *text, const char *part);
IMPORT(strlen) unsigned int host_strlen(const char *text);
IMPORT(malloc) void *host_malloc(unsigned int size);
IMPORT(free) void host_free(void *memory);

static int seen;

/* Every other event is dropped, and of the rest the first letter of a key is written large. */
__attribute__((export_name("process_event"))) int process_event(int context, char *json, int length)
{
	char *key = host_strstr(json, "\"number\"");

	if (seen++ % 2)
		return -1;
	if (key)
		key[1] = 'N';
	return context + (json[length] == 0 ? 0 : -1);
}

__attribute__((export_name("bpf_main"))) int bpf_main(const char *arguments, int length)
{
	const char *package = host_strstr(arguments, "seed") ? seed_package : today_package;
	char *copy = host_malloc(16);
	int id;

	host_free(copy);
	host_printf("create %d %d\n", create_bpf("garbage", 7), create_bpf("{}", 2));
	host_printf("run %d, wait %d\n", run_bpf(7), wait_and_poll_bpf(7));
	id = create_bpf(package, host_strlen(package));
	if (id < 0 || run_bpf(id) != 0)
		return -1;
	host_printf("act call %d %d\n", 1, 5);
	return wait_and_poll_bpf(id);
}
