/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef RUNQLAT_H
#define RUNQLAT_H

/* Slot i counts waits from 2^i to 2^(i+1) - 1 microseconds; the last slot also what is longer: 2^26 is a minute. */
#define SLOTS 27

/* The value of the map that is shown. An array of the name `slots` is drawn as a histogram. */
struct hist {
	unsigned int slots[SLOTS];
	/* All waits that were counted, and the longest of them. */
	unsigned int count;
	unsigned int longest_us;
	/* Name of the process, or "all". */
	char comm[16];
};

#endif
