/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef SIGSNOOP_H
#define SIGSNOOP_H

/* The one struct of this header is what events are printed as: a column for each member, in this order. */
struct event {
	/* Process that sends. */
	int pid;
	/* Target as the system call was given it: a process, a thread (tkill, tgkill), or 0 and less for groups (kill). */
	int tpid;
	int sig;
	/* 0, or an error as a negative number. */
	int ret;
	/* Name of the thread that sends. */
	char comm[16];
};

#endif
