/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef SOCKOPS_H
#define SOCKOPS_H

/* A TCP connection that is established. */
struct connection {
	/* true: by a process of the group; false: to one of it. */
	bool made;
	/* AF_INET 2, AF_INET6 10. */
	unsigned int family;
	unsigned int local_port;
	unsigned int remote_port;
};

#endif
