/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef ENDS_H
#define ENDS_H

/* A process that has ended. */
struct end {
	unsigned long time_ns;
	int pid;
	int exit_code;
};

#endif
