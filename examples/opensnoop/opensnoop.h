/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef OPENSNOOP_H
#define OPENSNOOP_H

/* The one struct of this header is what events are printed as: a column for each member, in this order. */
struct event {
	int pid;
	unsigned int uid;
	/* File descriptor, or an error as a negative number. */
	int ret;
	/* O_* of open(2). */
	int flags;
	/* Name of the thread that opens. */
	char comm[16];
	/* Path as it was given; what is longer than 255 bytes is cut off. */
	char fname[256];
};

#endif
