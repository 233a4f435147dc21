// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ends.skel.h"
#include "starts.skel.h"

#define MAX_PROCESSES 4096

static struct starts_skel starts;
static struct ends_skel ends;
static struct starts_start running[MAX_PROCESSES];
static struct ends_end ended[MAX_PROCESSES];
static size_t running_count, ended_count;

static int on_start(void *context, const struct starts_start *start, size_t size)
{
	size_t at = 0;

	(void)context, (void)size;
	while (at < running_count && running[at].pid != start->pid)
		at++;
	if (at == MAX_PROCESSES)
		return -1;
	running[at] = *start;
	if (at == running_count)
		running_count++;
	return 0;
}

static int on_end(void *context, const struct ends_end *end, size_t size)
{
	(void)context, (void)size;
	if (ended_count == MAX_PROCESSES)
		return -1;
	ended[ended_count++] = *end;
	return 0;
}

// Of one that started before we watched nothing is told.
static void tell(const struct ends_end *end)
{
	struct starts_runtime runtime = { .pid = end->pid, .exit_code = end->exit_code };

	for (size_t at = 0; at < running_count; at++) {
		if (running[at].pid != end->pid)
			continue;
		runtime.ppid = running[at].ppid;
		runtime.duration_ns = end->time_ns - running[at].time_ns;
		memcpy(runtime.comm, running[at].comm, sizeof(runtime.comm));
		running[at] = running[--running_count];
		starts__emit_runtime(&starts, &runtime);
		return;
	}
}

// A start lies in its buffer before the end of that process lies in the other one: so ends are read first, and told of last.
static int poll_both(void)
{
	int result = ends__poll_ends(&ends, on_end, NULL, 0);

	if (result >= 0)
		result = starts__poll_starts(&starts, on_start, NULL, 50);
	for (size_t at = 0; at < ended_count; at++)
		tell(&ended[at]);
	ended_count = 0;
	return result;
}

int main(int argc, char **argv)
{
	int result;

	if (argc > 1)
		starts__set_parent_pid(atoi(argv[1]));
	if (starts__load(&starts) != 0 || ends__load(&ends) != 0)
		return 1;
	result = starts__attach(&starts);
	if (result >= 0)
		result = ends__attach(&ends);
	while (result >= 0)
		result = poll_both();
	fprintf(stderr, "runtimes: %s\n", ebpm_error(result));
	return 1;
}
