/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BOOTSTRAP_H
#define BOOTSTRAP_H

/* The one struct of this header is what events are printed as: a column for each member, in this order. */
struct event {
	int pid;
	int ppid;
	/* false: the process starts a program; true: it has ended. */
	bool exit_event;
	/* The members from here to duration_ns are 0 at a start. */
	unsigned int exit_code;
	/* Signal that ended it, or 0. */
	unsigned int exit_signal;
	unsigned long long duration_ns;
	char comm[16];
	/* Program that is started, cut off after 126 bytes; empty at an end. */
	char filename[127];
};

#endif
