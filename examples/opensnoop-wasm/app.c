// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "opensnoop.skel.h"

#define MAX_PROCESSES 1024

static struct opensnoop_tally tallies[MAX_PROCESSES];
static size_t count;

static struct opensnoop_tally *tally_of(int32_t pid)
{
	for (size_t at = 0; at < count; at++)
		if (tallies[at].pid == pid)
			return &tallies[at];
	return count < MAX_PROCESSES ? &tallies[count++] : NULL;
}

static int on_event(void *context, const struct opensnoop_event *event, size_t size)
{
	struct opensnoop_tally *tally = tally_of(event->pid);

	(void)context, (void)size;
	if (!tally)
		return -1;
	tally->pid = event->pid;
	memcpy(tally->comm, event->comm, sizeof(tally->comm));
	if (event->ret < 0)
		tally->failed++;
	else
		tally->opened++;
	return 0;
}

// The most frequent first.
static int by_total(const void *left, const void *right)
{
	const struct opensnoop_tally *a = left, *b = right;
	uint32_t of_a = a->opened + a->failed, of_b = b->opened + b->failed;

	return of_a < of_b ? 1 : of_a > of_b ? -1 : 0;
}

static void emit_all(const struct opensnoop_skel *skel)
{
	qsort(tallies, count, sizeof(tallies[0]), by_total);
	for (size_t at = 0; at < count; at++)
		opensnoop__emit_tally(skel, &tallies[at]);
	memset(tallies, 0, sizeof(tallies));
	count = 0;
}

static int poll_for(const struct opensnoop_skel *skel, unsigned int seconds)
{
	time_t until = time(NULL) + seconds;
	int result = 0;

	while (result >= 0 && time(NULL) < until)
		result = opensnoop__poll_events(skel, on_event, NULL, 100);
	return result;
}

int main(int argc, char **argv)
{
	struct opensnoop_skel skel;
	unsigned int seconds = argc > 1 ? (unsigned int)atoi(argv[1]) : 1;
	int result;

	if (argc > 2 && strcmp(argv[2], "0") != 0)
		opensnoop__set_pid_target(atoi(argv[2]));
	if (opensnoop__load(&skel) != 0)
		return 1;
	for (result = opensnoop__attach(&skel); result >= 0; emit_all(&skel))
		result = poll_for(&skel, seconds);
	fprintf(stderr, "opensnoop: %s\n", ebpm_error(result));
	return 1;
}
