/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef TCPSTATES_H
#define TCPSTATES_H

/* The kernel's numbers: include/net/tcp_states.h. */
enum tcp_state_name {
	ESTABLISHED = 1,
	SYN_SENT,
	SYN_RECV,
	FIN_WAIT1,
	FIN_WAIT2,
	TIME_WAIT,
	CLOSE,
	CLOSE_WAIT,
	LAST_ACK,
	LISTEN,
	CLOSING,
	NEW_SYN_RECV,
};

/* The one struct of this header is what events are printed as: a column for each member, in this order. */
struct event {
	/* Process that was running when the state changed: for what the network brings, whichever that was. */
	int pid;
	char comm[16];
	/* 2 for IPv4, 10 for IPv6. */
	int family;
	/* In network byte order; an IPv4 address has the first four bytes. */
	unsigned __int128 saddr;
	unsigned __int128 daddr;
	unsigned short sport;
	unsigned short dport;
	enum tcp_state_name oldstate;
	enum tcp_state_name newstate;
	/* Microseconds since the change before; 0 at the first that is seen. */
	unsigned long long delta_us;
};

#endif
