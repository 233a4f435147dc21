// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bootstrap.skel.h"

static unsigned long shown;

// Called for every event. What it gives to emit is printed as ebpm prints events: as a table, or as JSON.
static int on_event(void *context, const struct bootstrap_event *event, size_t size)
{
	const struct bootstrap_skel *skel = context;

	(void)size;
	shown++;
	return bootstrap__emit_event(skel, event);
}

// Options become the kernel half's constants, before it is loaded.
static int set_options(int argc, char **argv)
{
	for (int at = 1; at + 1 < argc; at += 2) {
		if (strcmp(argv[at], "--parent_pid") == 0)
			bootstrap__set_parent_pid(atoi(argv[at + 1]));
		else if (strcmp(argv[at], "--min_duration_ns") == 0)
			bootstrap__set_min_duration_ns(strtoull(argv[at + 1], NULL, 0));
		else
			return -1;
	}
	return argc % 2 == 1 ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct bootstrap_skel skel;
	int result;

	if (set_options(argc, argv) != 0) {
		fprintf(stderr, "Usage: %s [--parent_pid PID] [--min_duration_ns NS]\n", argv[0]);
		return 2;
	}
	if (bootstrap__load(&skel) != 0)
		return 1;
	result = bootstrap__attach(&skel);
	while (result >= 0)
		result = bootstrap__poll_events(&skel, on_event, &skel, 100);
	fprintf(stderr, "bootstrap ends after %lu events: %s\n", shown, ebpm_error(result));
	bootstrap__close(&skel);
	return 1;
}
