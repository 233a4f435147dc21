/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef OPENSNOOP_H
#define OPENSNOOP_H

/* What the kernel half sends for every file that is opened, or could not be. */
struct event {
	int pid;
	unsigned int uid;
	int ret;
	int flags;
	char comm[16];
	char fname[256];
};

/* What the guest makes of that, and prints: how often a process did so since the last time. */
struct tally {
	int pid;
	unsigned int opened;
	unsigned int failed;
	char comm[16];
};

#endif
