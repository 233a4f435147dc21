/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef UPROBE_READLINE_H
#define UPROBE_READLINE_H

/* The one struct of this header is what events are printed as: a column for each member, in this order. */
struct event {
	int pid;
	unsigned int uid;
	/* What is longer than 255 bytes is cut off. */
	char line[256];
};

#endif
