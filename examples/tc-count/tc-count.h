/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef TC_COUNT_H
#define TC_COUNT_H

/* What is counted for each direction and protocol. */
struct count {
	unsigned long long packets;
	/* Of whole frames, the header of the link included. */
	unsigned long long bytes;
};

#endif
