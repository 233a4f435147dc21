/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef STARTS_H
#define STARTS_H

/* A process that starts a program. */
struct start {
	unsigned long time_ns;
	int pid;
	int ppid;
	char comm[16];
};

/* What the guest makes of a start and an end. */
struct runtime {
	int pid;
	int ppid;
	int exit_code;
	unsigned long duration_ns;
	char comm[16];
};

#endif
