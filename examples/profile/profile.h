/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef PROFILE_H
#define PROFILE_H

/* Frames of a stack that are kept: kernel.perf_event_max_stack. */
#define MAX_DEPTH 127

/* The key of the map that is shown. Numbers whose name ends in stack_id are looked up in the map of stacks. */
struct place {
	int pid;
	/* Negative where there was no such stack. */
	int kernel_stack_id;
	int user_stack_id;
	/* Name of the thread that ran. */
	char comm[16];
};

#endif
