/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef LSM_DENY_CONNECT_H
#define LSM_DENY_CONNECT_H

/* The one struct of this header is what events are printed as: a column for each member, in this order. */
struct event {
	int pid;
	unsigned int uid;
	/* Name of the thread that connects. */
	char comm[16];
	/* IPv4, in the order of the network. */
	unsigned char address[4];
	unsigned short port;
};

#endif
