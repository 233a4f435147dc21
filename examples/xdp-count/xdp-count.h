/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef XDP_COUNT_H
#define XDP_COUNT_H

/* What is counted for each protocol. */
struct count {
	unsigned long long packets;
	/* Of whole frames, Ethernet's header included. */
	unsigned long long bytes;
};

#endif
