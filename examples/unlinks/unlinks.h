/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef UNLINKS_H
#define UNLINKS_H

/* The one struct of this header is what events are printed as: a column for each member, in this order. */
struct event {
	int pid;
	/* 0, or an error as a negative number. */
	int ret;
	/* Name of the thread that deletes. */
	char comm[16];
	/* Path as it was given; what is longer than 255 bytes is cut off. */
	char filename[256];
};

#endif
